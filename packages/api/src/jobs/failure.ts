/** FailureReason of a job that could not be run: the class that the platform distinguishes, then the cause. */
import { ArgumentError, JobError } from '@algo/local';
import { ServiceError } from '../service-error.js';
import { InputError } from './input-data.js';
import { type Places, platformText } from './platform-names.js';

/** Why a job that ran when the server closed is Failed. */
export const SERVER_STOPPED = 'The server was stopped while the job was running.';

export function failureOf(error: unknown): string {
  if (error instanceof InputError) return `ClientError: Data download failed: ${error.message}`;
  if (error instanceof ServiceError || error instanceof ArgumentError) return `ClientError: ${error.message}`;
  if (error instanceof JobError) return `AlgorithmError: ${error.message}`;
  return `InternalServerError: ${error instanceof Error ? error.message : String(error)}`;
}

/** As botocore's shape FailureReason has it. */
const FAILURE_REASON_CHARS = 1024;

/**
 * A FailureReason: with the platform's names, and of a text that is longer than Describe can answer the start. Counts code
 * points: no character is cut in half.
 */
export function failureReason(places: Places, reason: string): string {
  const text = platformText(places, reason);
  return text.length <= FAILURE_REASON_CHARS ? text : Array.from(text).slice(0, FAILURE_REASON_CHARS).join('');
}
