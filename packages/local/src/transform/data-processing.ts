/**
 * Filters and joins of a batch transform: InputFilter selects what of each record the model gets, JoinSource puts the
 * answer to the whole record, OutputFilter selects what of both is written. A request at a time is in memory.
 * Source: AWS guide "Associate Prediction Results with Input Records".
 */
import { JobError, messageOf } from '../errors.js';
import { type ProcessedData, type ProcessingPlan, planDataProcessing } from './data-processing-rules.js';
import { checkRecordCount } from './record-assemble.js';
import type { RecordFormat } from './record-format.js';
import type { Payload } from './record-pack.js';
import { lineSplitter } from './record-split.js';

/** @param file names the file in errors */
export interface DataProcessor {
  /** The body of the request. @throws JobError naming the line of a record that the filter does not fit */
  bodyOf(payload: Payload, file: string): Buffer;
  /** What is written for the answer. @throws JobError when the answers are more or fewer than the records */
  outputOf(payload: Payload, answer: Buffer, file: string): Buffer;
}

/** @returns undefined when the job has nothing to filter or join @throws ArgumentError as planDataProcessing */
export function createDataProcessor(data: ProcessedData): DataProcessor | undefined {
  const plan = planDataProcessing(data);
  if (!plan) return undefined;
  const { format, isSplit, input, output, isJoined } = plan;
  return {
    bodyOf(payload, file) {
      if (input.steps.length === 0) return payload.bytes;
      const lines = recordsOf(payload, plan).map(({ text, line }) => at(file, line, () => format.filter(text, input)));
      return bytesOf(lines, plan);
    },
    outputOf(payload, answer, file) {
      if (!isJoined && output.steps.length === 0) return answer;
      const records = recordsOf(payload, plan);
      const answers = isSplit ? answerLines(answer, records.length, format) : [answer.toString(format.encoding)];
      const lines = records.map(({ text, line }, i) =>
        at(file, line, () => format.output(isJoined ? text : undefined, answers[i]!, output)),
      );
      return bytesOf(lines, plan);
    },
  };
}

// --- internal ---

interface PlacedRecord {
  readonly text: string;
  /** In the file, from 1; undefined for a whole file. */
  readonly line: number | undefined;
}

/** Without line ends; blank lines are left out. */
function recordsOf({ bytes, first }: Payload, { format, isSplit }: ProcessingPlan): readonly PlacedRecord[] {
  const { encoding } = format;
  if (!isSplit) return [{ text: bytes.toString(encoding), line: undefined }];
  const records: PlacedRecord[] = [];
  for (let start = 0, line = first; start < bytes.length; line++) {
    const found = lineSplitter.endOfRecord(bytes, start, start);
    const end = found === -1 ? bytes.length : found;
    if (!lineSplitter.isBlank(bytes, start, end)) {
      records.push({ text: bytes.toString(encoding, start, end).replace(LINE_END, ''), line });
    }
    start = end;
  }
  return records;
}

const LINE_END = /\r?\n$/;

/** The answer of a single record may be a document of several lines. */
function answerLines(answer: Buffer, recordCount: number, { encoding }: RecordFormat): readonly string[] {
  const text = answer.toString(encoding).replace(LINE_END, '');
  if (recordCount === 1 && encoding === 'utf8') return [text];
  checkRecordCount(answer, undefined, { recordCount, blankCount: 0 });
  return text.split(/\r?\n/);
}

function bytesOf(lines: readonly string[], { format, isSplit }: ProcessingPlan): Buffer {
  return Buffer.from(isSplit ? `${lines.join('\n')}\n` : lines.join(''), format.encoding);
}

function at<T>(file: string, line: number | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new JobError(`${file}${line === undefined ? '' : ` line ${line}`}: ${messageOf(error)}`, { cause: error });
  }
}
