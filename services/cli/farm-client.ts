import { farmUrl } from './client/farm-url.ts';
import { type Client, createClient } from './client.ts';
import type { CommandContext } from './command.ts';

/** Speaks to the farm that the environment names, until Ctrl-C. */
export function farmClient({ env, interrupted, output }: CommandContext): Client {
  return createClient({ ...farmUrl(env), signal: AbortSignal.any([interrupted, output.readerGone]) });
}
