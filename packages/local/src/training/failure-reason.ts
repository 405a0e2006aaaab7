/**
 * FailureReason of a failed training job, as DescribeTrainingJob shows it: the class AlgorithmError before the start of
 * /opt/ml/output/failure, at most 1024 characters in all (botocore shape FailureReason).
 *
 * The classes that the platform itself distinguishes (ClientError, AlgorithmError, InternalServerError) are not
 * doubled: a text that begins with one is shown unchanged, as the built-in algorithms' ClientErrors are.
 */
import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { relative } from 'node:path';
import { asOnPlatform, type OptMl } from '../container/opt-ml.js';

const FAILURE_REASON_CHARS = 1024;
/** A character has up to 4 bytes; the rest is for spaces before the text. */
const READ_BYTES = 8 * FAILURE_REASON_CHARS;
const SERVICE_CLASS = /^(ClientError|AlgorithmError|InternalServerError):/;

/**
 * @param trees of the hosts that failed, the first one first. Their failure files may be missing, empty, of any size, or no
 *   file: their writer is not trusted. The first with a text counts: a host that was killed has none
 * @param exitCode the job's, not 0
 */
export function failureReason(trees: readonly FailureTree[], exitCode: number): string {
  const text = trees.map(textOf).find((found) => found !== '');
  if (text === undefined) return `AlgorithmError: , exit code: ${exitCode}`;
  return firstCharacters(SERVICE_CLASS.test(text) ? text : `AlgorithmError: ${text}`, FAILURE_REASON_CHARS);
}

// --- internal ---

type FailureTree = Pick<OptMl, 'base' | 'bases' | 'failure'>;

function textOf(tree: FailureTree): string {
  return asOnPlatform(readStart(tree.failure, tree.base), tree).trim();
}

/** Of a plain file below /opt/ml; a link could lead to a file that a container cannot read, and a pipe could never end. */
function readStart(path: string, base: string): string {
  try {
    if (relative(base, path) !== relative(realpathSync(base), realpathSync(path))) return '';
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!fstatSync(file).isFile()) return '';
      const bytes = Buffer.alloc(READ_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return ''; // there is none
  }
}

/** Counts code points, so that no character is cut in half. */
function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : Array.from(text).slice(0, count).join('');
}
