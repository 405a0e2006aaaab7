/** The error of work that a stop interrupts, and how to recognize it. */
import { ClientError } from '../errors.js';

/**
 * @param during what the job was doing, as the sentence continues after "The job was stopped": `after 7 rows`
 * @param before what did not exist yet: `a tree was grown`
 * @returns ClientError E_STOPPED; a job that throws it with a model already saved ends well
 */
export function stoppedBefore(
  during: string,
  before: string,
  advice = 'Give it more time, or less data.',
): ClientError {
  return new ClientError('E_STOPPED', `The job was stopped ${during}, before ${before}. ${advice}`);
}

/** Whether `error` says that a stop ended the work. */
export function isStopError(error: unknown): boolean {
  return error instanceof ClientError && error.code === 'E_STOPPED';
}
