/** The farm that a client speaks to. */
export type Farm = {
  /** Where the API is, without a slash at the end. */
  readonly url: string;
  /** What to do when nobody answers there; shown with the error. */
  readonly hint: string;
  /** Ends whatever is under way; the abort's reason is thrown. */
  readonly signal: AbortSignal;
};
