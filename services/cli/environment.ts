/** The process's environment variables; only the ones of `.env.example` are looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;
