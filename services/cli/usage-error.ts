/** The command line cannot be understood: answered with one sentence and the usage line, exit 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** The command whose usage line helps; undefined when that itself is unknown. */
  readonly command: string | undefined;

  constructor(message: string, command?: string) {
    super(message);
    this.command = command;
  }
}
