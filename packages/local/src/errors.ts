/**
 * The kinds of errors other than a failed job. A job that ran and failed is not an error here: it is a result with
 * status Failed and a FailureReason, as on the platform.
 */

/** An argument cannot be used: a path does not exist, a name or value is out of range. Nothing was started. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}

/** A program, model or server did not do what the platform asks of it. */
export class JobError extends Error {
  override readonly name = 'JobError';
}

/** The data of a job does not suit it: the platform's ClientError, where any other JobError is its AlgorithmError. */
export class DataError extends JobError {}

/** Whether an error, or what caused it, is one of the data. */
export function isDataError(error: unknown): boolean {
  return (
    error instanceof DataError || (error instanceof Error && error.cause !== undefined && isDataError(error.cause))
  );
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Why a system call failed, in words: `permission denied (EACCES)`. For messages that name the path or port already;
 * of anything else the message.
 */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const code = systemCode(error) ?? '';
  const words = /^(?:\w+ )?E[A-Z0-9]+: ([^,]+?)(?:, .*| \S*:\S+)?$/.exec(message)?.[1] ?? REASONS[code];
  return words === undefined ? message : `${words} (${code})`;
}

/** The `code` of a system error such as ENOENT; undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

// --- internal ---

/** Errors of starting a program, for which Node's message has the code only. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  ENOENT: 'no such file',
  ENOEXEC: 'not an executable file',
  E2BIG: 'too many arguments or variables',
};
