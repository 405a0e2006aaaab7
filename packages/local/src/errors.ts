/**
 * The two ways in which work on this machine goes wrong before or beside a job's own result. A job that ran and failed
 * is no error here: it is a result with status Failed and a FailureReason, as on the platform.
 */

/** An argument cannot be used: a path that is not there, a name or value out of range. Nothing was started. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** A program, model or server did not do what the platform asks of it. */
export class JobError extends Error {
  override readonly name = 'JobError';
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a system error such as ENOENT; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
