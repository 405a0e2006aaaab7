/**
 * Filters and joins of a batch transform: InputFilter selects what of each record the model gets, JoinSource puts the
 * answer to the whole record, OutputFilter selects what of both is written. A request at a time is in memory.
 * Source: AWS guide "Associate Prediction Results with Input Records".
 */
import { DataError, JobError, messageOf } from '../errors.js';
import { type ProcessedData, type ProcessingPlan, planDataProcessing } from './data-processing-rules.js';
import { headerHint, mayHaveHeader, type PlacedRequest } from './header-line.js';
import type { Payload } from './record-pack.js';

/** @param file names the file in errors */
export interface DataProcessor {
  /** The body of the request. @throws DataError naming the line of a record that the filter does not fit */
  bodyOf(payload: Payload, file: string): Buffer;
  /** Whether what is written differs from the answers. */
  readonly changesOutput: boolean;
  /**
   * What is written for the answer: of a header line, which has none, nothing.
   * @throws JobError when the answers are more or fewer than the records
   */
  outputOf(payload: Payload, answer: Buffer, file: string): Buffer;
}

/** @returns undefined when the job has nothing to filter or join @throws ArgumentError as planDataProcessing */
export function createDataProcessor(data: ProcessedData): DataProcessor | undefined {
  const plan = planDataProcessing(data);
  if (!plan) return undefined;
  const { format, input, output, isJoined } = plan;
  const changesOutput = isJoined || output.steps.length > 0;
  return {
    changesOutput,
    bodyOf(payload, file) {
      const isWhole = input.steps.length === 0;
      if (isWhole && payload.blankCount === 0) return payload.bytes;
      const records = recordsOf(payload, plan);
      return written(records, file, plan, (record) => (isWhole ? record : format.filter(record, input)), DataError);
    },
    outputOf(payload, answer, file) {
      if (!changesOutput) return answer;
      const all = recordsOf(payload, plan);
      const request = { sent: data.contentType, isFirst: payload.isFirst };
      const answers = answersOf(answer, all, file, plan, request);
      return written(
        answers.length < all.texts.length ? withoutFirst(all) : all,
        file,
        plan,
        (record, i) => format.output(isJoined ? record : undefined, answers[i]!, output),
        JobError,
      );
    },
  };
}

// --- internal ---

/** Of a payload, without line ends and blank lines. */
interface Records {
  readonly texts: readonly string[];
  /** Of each in the file, from 1; empty for a whole file. */
  readonly lines: readonly number[];
}

const LINE_END = /\r?\n$/;
/** What a line has that is not blank, as `lineSplitter` counts them. */
const NOT_BLANK = /[^ \t\r]/;

function recordsOf({ bytes, first }: Payload, { format, isSplit }: ProcessingPlan): Records {
  const text = bytes.toString(format.encoding);
  if (!isSplit) return { texts: [text], lines: [] };
  const texts: string[] = [];
  const lines: number[] = [];
  for (const [i, record] of text.split('\n').entries()) {
    if (!NOT_BLANK.test(record)) continue;
    texts.push(record.endsWith('\r') ? record.slice(0, -1) : record);
    lines.push(first + i);
  }
  return { texts, lines };
}

function withoutFirst({ texts, lines }: Records): Records {
  return { texts: texts.slice(1), lines: lines.slice(1) };
}

/**
 * The answer to a single record of JSON may be a document of several lines.
 * @returns one for each record, or for each but the first where that is a header line
 */
function answersOf(
  answer: Buffer,
  { texts: { length: recordCount }, lines: [first] }: Records,
  file: string,
  { format, isSplit }: ProcessingPlan,
  request: PlacedRequest,
): readonly string[] {
  const text = answer.toString(format.encoding).replace(LINE_END, '');
  if (!isSplit || (recordCount === 1 && format.encoding === 'utf8')) return [text];
  const lines = answer.length === 0 ? [] : text.split(/\r?\n/);
  if (lines.length === recordCount) return lines;
  if (lines.length === recordCount - 1 && mayHaveHeader(request)) return lines;
  const hint =
    format.encoding === 'utf8'
      ? ' Choose BatchStrategy SingleRecord for a server that takes one document.'
      : headerHint(request);
  throw new JobError(
    `${file}: the answer to the request from line ${first} must have a line for each of its records, ${recordCount}; received ${lines.length}.${hint}`,
  );
}

/** @param Failure what is thrown, naming the line, for a record that `write` fails for */
function written(
  { texts, lines }: Records,
  file: string,
  { format, isSplit }: ProcessingPlan,
  write: (record: string, i: number) => string,
  Failure: typeof JobError,
): Buffer {
  let text = '';
  for (let i = 0; i < texts.length; i++) {
    try {
      text += write(texts[i]!, i);
      if (isSplit) text += '\n';
    } catch (error) {
      const place = isSplit ? `${file} line ${lines[i]}` : file;
      throw new Failure(`${place}: ${messageOf(error)}`, { cause: error });
    }
  }
  return Buffer.from(text, format.encoding);
}
