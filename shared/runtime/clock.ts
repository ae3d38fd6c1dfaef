/** The time of this machine. Deadlines between machines are kept by the database's clock alone, never by this one. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
};
