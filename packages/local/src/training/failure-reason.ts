/**
 * FailureReason of a failed training job, as DescribeTrainingJob shows it: the class AlgorithmError before the start of
 * /opt/ml/output/failure, at most 1024 characters in all (botocore shape FailureReason).
 *
 * The classes that the platform itself distinguishes (ClientError, AlgorithmError, InternalServerError) are not
 * doubled: a text that begins with one is shown unchanged, as the built-in algorithms' ClientErrors are.
 */
import { existsSync, readFileSync } from 'node:fs';

const FAILURE_REASON_CHARS = 1024;
const SERVICE_CLASS = /^(ClientError|AlgorithmError|InternalServerError):/;

/**
 * @param failureFile may be missing or empty
 * @param exitCode    what the container ended with, not 0
 */
export function failureReason(failureFile: string, exitCode: number): string {
  const text = existsSync(failureFile) ? readFileSync(failureFile, 'utf8').trim() : '';
  if (text === '') return `AlgorithmError: , exit code: ${exitCode}`;
  return firstCharacters(SERVICE_CLASS.test(text) ? text : `AlgorithmError: ${text}`, FAILURE_REASON_CHARS);
}

// --- internal ---

/** Counts code points, so that no character is cut in half. */
function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : Array.from(text).slice(0, count).join('');
}
