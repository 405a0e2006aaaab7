/**
 * Answers into one output file, in the order of the input. With AssembleWith Line an answer that does not end with a line
 * feed gets one; a server may end its answers itself, as AWS's XGBoost container does. Without AssembleWith nothing is
 * added. Source: botocore TransformOutput.
 */
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Answer } from '../endpoint/answer.js';
import { JobError } from '../errors.js';
import { headerHint, mayHaveHeader, type PlacedRequest } from './header-line.js';
import type { Payload } from './record-pack.js';

export type AssembleWith = 'None' | 'Line';

/** The output of one input file while it grows. There is no file under its own name before `finish`. */
export interface OutputFile {
  append(answer: Buffer): Promise<void>;
  /** The one answer of all, written as it comes; what was written before is given up. */
  fill(answer: AsyncIterable<Buffer>): Promise<void>;
  finish(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

export async function openOutput(path: string, assembleWith: AssembleWith): Promise<OutputFile> {
  const partial = join(dirname(path), `.${basename(path)}.${randomUUID().slice(0, 8)}.partial`);
  const file = await open(partial, 'wx');
  return {
    async append(answer) {
      await file.appendFile(
        assembleWith === 'Line' && answer.at(-1) !== LINE_FEED ? Buffer.concat([answer, Buffer.of(LINE_FEED)]) : answer,
      );
    },
    async fill(answer) {
      await file.truncate(0);
      let length = 0;
      let last: number | undefined;
      for await (const bytes of answer) {
        await file.writev([bytes], length);
        length += bytes.length;
        last = bytes.at(-1) ?? last;
      }
      if (assembleWith === 'Line' && last !== LINE_FEED) await file.write(Buffer.of(LINE_FEED), 0, 1, length);
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
 * Holds an answer to the records that were sent: lines of text, or the `predictions` of a JSON document. Blank lines that
 * were sent along are answered each, to keep their places, or none of them; the header line of a file may have no answer.
 * @throws JobError when they are more or fewer
 */
export function checkRecordCount(
  answer: Answer,
  { recordCount, blankCount }: Pick<Payload, 'recordCount' | 'blankCount'>,
  request: PlacedRequest,
): void {
  const received = countRecords(answer.body, answer.headers['content-type']);
  const least = recordCount - Number(mayHaveHeader(request));
  if (received === undefined || [recordCount, recordCount + blankCount, least, least + blankCount].includes(received))
    return;
  const hint = received < recordCount ? headerHint(request) : '';
  throw new JobError(
    `the answer must have as many records as the request, ${recordCount}; received ${received}.${hint}`,
  );
}

// --- internal ---

const LINE_FEED = 0x0a;

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

/** Lines, whether or not the last one has its line feed. */
function countLines(answer: Buffer): number {
  let lines = answer.length === 0 || answer.at(-1) === LINE_FEED ? 0 : 1;
  for (let at = answer.indexOf(LINE_FEED); at !== -1; at = answer.indexOf(LINE_FEED, at + 1)) lines++;
  return lines;
}
