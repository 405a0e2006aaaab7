/** Why a change cannot be applied, as a change set lists it. */

export interface ErrorDetail {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Thrown by a change; the whole set fails then. */
export class ChangeError extends Error {
  override readonly name = 'ChangeError';
  readonly details: readonly ErrorDetail[];

  constructor(details: readonly ErrorDetail[]) {
    super(details.map(({ ErrorMessage }) => ErrorMessage).join(' '));
    this.details = details;
  }
}

export function changeError(ErrorCode: string, ErrorMessage: string): ChangeError {
  return new ChangeError([{ ErrorCode, ErrorMessage }]);
}
