/** How long the HTTP server waits for callers. */

/** All in milliseconds. */
export interface ServerTimeouts {
  /** Longer than the platform keeps a connection (60 s), so that it is never we who close under a new request. */
  readonly keepAliveMs: number;
  readonly headersMs: number;
  /** For a request with its body: 100 MB of a batch at 1 MB/s. */
  readonly requestMs: number;
  /** How often the two above are looked at. */
  readonly checkMs: number;
  /** How long the rest of a refused body is read away, so that the caller gets to see the answer. */
  readonly lingerMs: number;
  /** How long a caller may take nothing of an answer that is ready for it. */
  readonly unreadMs: number;
  /** How long it may take for all of an answer that is complete: as long as the platform waits for a stream. */
  readonly answerMs: number;
}

export const SERVER_TIMEOUTS: ServerTimeouts = {
  keepAliveMs: 75_000,
  headersMs: 20_000,
  requestMs: 100_000,
  checkMs: 5_000,
  lingerMs: 5_000,
  unreadMs: 20_000,
  answerMs: 480_000,
};
