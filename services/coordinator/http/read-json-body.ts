import type { IncomingMessage } from 'node:http';
import { AppError } from '../../../shared/errors.ts';

/**
 * Reads a request's JSON. A body over the limit is refused as soon as that is known, from Content-Length before a byte
 * of it was read (Express's own parser first reads it to its end). Node lets the rest in and drops it, so that the
 * client, still sending, gets to see the answer.
 *
 * @throws AppError `unsupported_media_type`, `body_too_large` or `malformed_json`.
 */
export async function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<unknown> {
  const text = decode(await readBody(request, limitBytes));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('malformed_json', cause instanceof Error ? cause.message : 'the body is not JSON', { cause });
  }
}

/** A type that no HTML form can send: pages of other sites cannot post here behind their visitor's back. */
export function requireJson(request: IncomingMessage): void {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json')
    throw new AppError('unsupported_media_type', 'the body must come with Content-Type: application/json');
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new AppError('unsupported_media_type', `the body must not be encoded; it is ${encoding}`);
}

async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const tooLarge = () => new AppError('body_too_large', `the body may have ${limitBytes} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limitBytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) chunks.length = 0;
      else chunks.push(chunk);
      if (size > limitBytes) reject(tooLarge());
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('close', () => reject(new AppError('malformed_json', 'the body was cut off')));
  });
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('malformed_json', 'the body is not UTF-8', { cause });
  }
}
