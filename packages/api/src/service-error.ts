/** An error as AWS's services answer it: a code that clients branch on, an HTTP status, and a sentence for people. */

/** What a request is answered with when it cannot be done. Each protocol writes it in its own form. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** AWS's name of the error, e.g. `ValidationException`, `ResourceNotFound`, `NoSuchKey`. */
  readonly code: string;
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** Further members of the error's shape, e.g. `{ OriginalStatusCode: 500 }`. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
