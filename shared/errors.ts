/** Whose fault an error can be: the file's, of who asked, the storage's, one machine's, or that of ffmill. */
export const FAULTS = ['input', 'request', 'storage', 'worker', 'us'] as const;
export type Fault = (typeof FAULTS)[number];

type ErrorKind = { readonly status: number; readonly fault: Fault; readonly title: string };

/**
 * Every error that leaves ffmill carries one of these codes. The table is the registry: the HTTP status it is answered
 * with (for a code that only ever ends a job, the status is unused and 500), whose fault it is, and its title.
 * `docs/errors.md` explains each; a test compares the two.
 */
export const ERRORS = {
  // Requests that cannot be taken
  invalid_request: { status: 400, fault: 'request', title: 'The request is not valid' },
  malformed_json: { status: 400, fault: 'request', title: 'The body is not JSON' },
  body_too_large: { status: 413, fault: 'request', title: 'The body is too large' },
  unsupported_media_type: { status: 415, fault: 'request', title: 'The body is not of a type that is taken here' },
  method_not_allowed: { status: 405, fault: 'request', title: 'This address does not take this method' },
  forbidden: { status: 403, fault: 'request', title: 'The request comes from where it may not' },
  unknown_profile: { status: 400, fault: 'request', title: 'There is no such profile' },
  unknown_codec: { status: 400, fault: 'request', title: 'There is no such codec' },
  invalid_path: { status: 400, fault: 'request', title: 'The path cannot be used' },
  not_found: { status: 404, fault: 'request', title: 'There is no such thing' },
  unknown_worker: { status: 404, fault: 'request', title: 'This worker is not registered' },
  idempotency_mismatch: { status: 422, fault: 'request', title: 'The idempotency key was used for another request' },
  wrong_state: { status: 409, fault: 'request', title: 'The job is not in a state that allows this' },
  too_late: { status: 409, fault: 'request', title: 'The job is being published and can no longer be canceled' },
  fenced: { status: 409, fault: 'worker', title: 'The attempt no longer owns its task' },
  name_in_use: { status: 409, fault: 'request', title: 'Another live worker has this name' },
  output_in_use: { status: 409, fault: 'request', title: 'Another job is going to write this output' },
  same_file: { status: 400, fault: 'request', title: 'Input and output are the same file' },
  // The input
  input_missing: { status: 500, fault: 'input', title: 'The input does not exist' },
  input_not_a_file: { status: 500, fault: 'input', title: 'The input is not a regular file' },
  input_empty: { status: 500, fault: 'input', title: 'The input is empty' },
  input_unreadable: { status: 500, fault: 'input', title: 'The input may not be read' },
  input_not_media: { status: 500, fault: 'input', title: 'The input is not a media file that FFmpeg knows' },
  input_truncated: { status: 500, fault: 'input', title: 'The input is cut off' },
  input_corrupt: { status: 500, fault: 'input', title: 'The input is damaged' },
  input_changed: { status: 500, fault: 'input', title: 'The input changed while it was being encoded' },
  no_streams: { status: 500, fault: 'input', title: 'The input holds no stream' },
  no_video_stream: { status: 500, fault: 'input', title: 'The input holds no video' },
  no_audio_stream: { status: 500, fault: 'input', title: 'The input holds no audio' },
  // The output
  output_exists: { status: 500, fault: 'request', title: 'The output exists and may not be replaced' },
  output_directory_missing: { status: 500, fault: 'request', title: 'The folder of the output does not exist' },
  output_not_a_file: { status: 500, fault: 'request', title: 'The output names a folder' },
  output_not_writable: { status: 500, fault: 'storage', title: 'The folder of the output may not be written' },
  codec_not_in_container: { status: 400, fault: 'request', title: 'The container cannot hold this codec' },
  // The storage
  disk_full: { status: 500, fault: 'storage', title: 'The storage is full' },
  storage_failed: { status: 500, fault: 'storage', title: 'The storage did not do what was asked' },
  part_lost: { status: 500, fault: 'storage', title: 'A finished part of the work has vanished' },
  // The run
  no_encoder: { status: 500, fault: 'request', title: 'No worker has an encoder for this' },
  ffmpeg_missing: { status: 500, fault: 'worker', title: 'FFmpeg is not installed' },
  ffmpeg_failed: { status: 500, fault: 'worker', title: 'FFmpeg failed' },
  ffmpeg_killed: { status: 500, fault: 'worker', title: 'FFmpeg was killed' },
  hardware_failed: { status: 500, fault: 'worker', title: 'The hardware encoder failed' },
  ffmpeg_stalled: { status: 500, fault: 'worker', title: 'FFmpeg made no progress' },
  invalid_options: { status: 500, fault: 'request', title: 'The encoder refused the options' },
  timed_out: { status: 500, fault: 'request', title: 'The task took longer than allowed' },
  verification_failed: { status: 500, fault: 'us', title: 'The result did not pass verification' },
  join_mismatch: { status: 500, fault: 'us', title: 'The joined segments are not what was planned' },
  interrupted_too_often: { status: 500, fault: 'us', title: 'The task was interrupted too often' },
  lease_lost: { status: 500, fault: 'worker', title: 'The worker stopped renewing its lease' },
  shutdown: { status: 500, fault: 'worker', title: 'The worker was shut down' },
  // Everything else
  data_dir_in_use: { status: 500, fault: 'request', title: 'Another ffmill process uses this data folder' },
  interrupted: { status: 500, fault: 'request', title: 'The command was interrupted' },
  port_in_use: { status: 500, fault: 'request', title: 'Another program listens on this port' },
  unavailable: { status: 503, fault: 'us', title: 'The service is not ready' },
  schema_newer: { status: 503, fault: 'us', title: 'The database was migrated by a newer version' },
  sweep_timed_out: { status: 504, fault: 'us', title: 'No janitor has answered in time' },
  broker_unavailable: { status: 503, fault: 'us', title: 'The message broker does not answer' },
  internal: { status: 500, fault: 'us', title: 'Something unforeseen went wrong' },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** One problem of a request: where (a JSON pointer into the body, `''` for the whole) and what. */
export type RequestProblem = { readonly pointer: string; readonly message: string };

/** How a failure is kept in a row and shown on the wire. */
export type Failure = { readonly code: ErrorCode; readonly message: string; readonly fault: Fault };

/** The one exception class: thrown for what a caller got wrong or what cannot go on, never for a normal outcome. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly problems: readonly RequestProblem[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { cause?: unknown; problems?: readonly RequestProblem[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}

/** The failure that a code and a sentence make; the fault follows from the code. */
export function failure(code: ErrorCode, message: string): Failure {
  return { code, message, fault: ERRORS[code].fault };
}

/** The failure that an exception amounts to: an AppError keeps its code, anything else is ours. */
export function failureOf(error: unknown): Failure {
  if (error instanceof AppError) return failure(error.code, error.message);
  return failure('internal', error instanceof Error ? error.message : String(error));
}

/** Makes the compiler prove that a switch is exhaustive. @throws AppError `internal` where it was wrong all the same. */
export function assertNever(value: never): never {
  throw new AppError('internal', `unexpected value: ${JSON.stringify(value)}`);
}
