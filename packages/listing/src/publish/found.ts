/** What removing finds in an account, one thing each. */
export interface Found {
  /** `algorithm sum-1-0-0` */
  readonly what: string;
  /** Why it stays; undefined: it is removed. */
  readonly why?: string;
  remove?(): Promise<unknown>;
}

export const FOREIGN = "it is somebody else's";
