import type { Stack } from '../../system/support/stack.ts';

/** A queue as the broker lists it. */
export type Queue = { readonly name: string; readonly messages: number; readonly consumers: number };

export async function listQueues(stack: Stack): Promise<Queue[]> {
  const container = await stack.container('rabbitmq-1');
  const listed = await stack.exec(
    container,
    'rabbitmqctl',
    'list_queues',
    '-q',
    '--no-table-headers',
    'name',
    'messages',
    'consumers',
  );
  return listed.split('\n').flatMap((line) => {
    const [name = '', messages = '', consumers = ''] = line.split('\t');
    return name === '' ? [] : [{ name, messages: Number(messages), consumers: Number(consumers) }];
  });
}
