import { once } from 'node:events';
import type { Response } from 'express';
import type { Answer } from './route.ts';

/** Sends what a handler gave back. A stream ends when its chunks do, or when the signal is aborted. */
export async function sendAnswer(response: Response, answer: Answer, signal: AbortSignal): Promise<void> {
  response.status(answer.status);
  if (answer.location !== undefined) response.set('Location', answer.location);
  if (answer.stream) return sendStream(response, answer.stream, signal);
  if (answer.text) response.type(answer.text.type).send(answer.text.content);
  else if (answer.body === undefined) response.end();
  else response.json(answer.body);
}

async function sendStream(
  response: Response,
  stream: NonNullable<Answer['stream']>,
  signal: AbortSignal,
): Promise<void> {
  response.locals.streamed = true;
  // X-Accel-Buffering: proxies must pass each chunk on as it comes.
  response.set({ 'Content-Type': stream.type, 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  response.flushHeaders();
  for await (const chunk of stream.chunks) {
    if (response.destroyed) return;
    // A client that reads slowly holds up its own stream alone; rejected only by the abort, which the chunks see too.
    if (!response.write(chunk)) await once(response, 'drain', { signal }).catch(() => {});
  }
  response.end();
}
