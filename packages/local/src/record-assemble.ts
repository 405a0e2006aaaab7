/**
 * Answers into one output file, in the order of the input. With AssembleWith Line a newline is added after each answer,
 * as the platform does: a server that ends its answer with a newline itself makes a blank line (SAGEMAKER_BATCH exists
 * so that it need not). Source: botocore TransformOutput.
 */
import { open, rename, rm } from 'node:fs/promises';
import { JobError } from './errors.js';

export type AssembleWith = 'None' | 'Line';

/** The output of one input file while it grows. There is no file under its own name before `finish`. */
export interface OutputFile {
  append(answer: Buffer): Promise<void>;
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

export async function openOutput(path: string, assembleWith: AssembleWith): Promise<OutputFile> {
  const partial = `${path}.partial`;
  const file = await open(partial, 'w');
  return {
    async append(answer) {
      await file.appendFile(assembleWith === 'Line' ? Buffer.concat([answer, NEWLINE]) : answer);
    },
    async finish() {
      await file.close();
      await rename(partial, path);
    },
    async discard() {
      await file.close().catch(() => undefined);
      await rm(partial, { force: true });
    },
  };
}

/**
 * Holds an answer to the records that were sent: lines of text, or the `predictions` of a JSON document.
 * @throws JobError when they are more, fewer, or followed by a newline that will be doubled
 */
export function checkRecordCount(answer: Buffer, contentType: string | undefined, recordCount: number): void {
  const received = countRecords(answer, contentType);
  if (received === undefined || received === recordCount) return;
  const hint =
    received === recordCount + 1 && answer.at(-1) === NEWLINE[0]
      ? ' The answer ends with a newline, and AssembleWith Line adds one more: leave it out when SAGEMAKER_BATCH is set.'
      : '';
  throw new JobError(`the answer must have as many records as were sent, ${recordCount}; received ${received}.${hint}`);
}

// --- internal ---

const NEWLINE = Buffer.from('\n');

/** Undefined for a JSON document without a list of predictions: what is a record there, only its algorithm knows. */
function countRecords(answer: Buffer, contentType: string | undefined): number | undefined {
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) return countLines(answer);
  try {
    const document: unknown = JSON.parse(answer.toString('utf8'));
    const hasList = typeof document === 'object' && document !== null && 'predictions' in document;
    return hasList && Array.isArray(document.predictions) ? document.predictions.length : undefined;
  } catch {
    return countLines(answer);
  }
}

/** Lines once the platform's newline is added. */
function countLines(answer: Buffer): number {
  if (answer.length === 0) return 0;
  let lines = 1;
  for (let at = answer.indexOf(10); at !== -1; at = answer.indexOf(10, at + 1)) lines++;
  return lines;
}
