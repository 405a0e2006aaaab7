/** The body of an answer from what `predict` returned: columns in one of the SDK's formats, or a value of the algorithm's own. */
import { AlgorithmError, ClientError } from '../errors.js';
import type { AnswerLayout, AnswerWriter, DocumentFrame } from '../formats/format.js';
import type { AnswerFormat } from '../formats/formats.js';
import { checkPredictions } from '../formats/predictions.js';
import { writeAnswer } from '../payloads/write-answer.js';
import type { OutputDefinitions, PredictionColumn, Predictions } from '../prediction.js';
import { asEvents, EVENT_STREAM } from './event-stream.js';
import type { NegotiatedOutput } from './negotiation.js';
import { answeredOutputs } from './requested-outputs.js';
import type { PartWriter } from './streamed-answer.js';

type Gaps = AnswerLayout['gaps'];

/** What an answer is to be. */
export interface AnswerForm extends NegotiatedOutput {
  /** Names of the columns that were asked for. */
  readonly outputs: readonly string[] | undefined;
  readonly gaps: Gaps;
  readonly isBatch: boolean;
  /** Whether rows of others follow or are before, so that there is nothing around these. */
  readonly isPart?: boolean;
}

export interface AnswerBody {
  /** Empty where there is nothing to say. */
  readonly body: Buffer;
  /** Rows in it, for the log. */
  readonly rows: number;
}

/** In a batch transform answers follow one another in a file, with nothing between them unless AssembleWith is Line. */
const LINE_FEED = Buffer.from('\n');

/** The answer where there was no row to predict. */
export function emptyBody(form: AnswerForm): AnswerBody {
  const { format } = form;
  if ('own' in format) return { body: Buffer.alloc(0), rows: 0 };
  return { body: writeColumns({}, 0, [], format, form), rows: 0 };
}

/**
 * @param returned by `predict`
 * @param rows     of the request; undefined where it was no rows: then as many as the columns have
 * @param declared the model's outputs
 * @throws AlgorithmError when `returned` breaks the definition
 */
export function answerBody(
  returned: unknown,
  rows: number | undefined,
  declared: OutputDefinitions,
  form: AnswerForm,
): AnswerBody | Promise<AnswerBody> {
  const { format } = form;
  if ('own' in format) return ownBody(returned, rows ?? 1, form);
  const predictions = definedColumns(returned);
  const count = rows ?? lengthOf(Object.values(predictions)[0]);
  checkPredictions(predictions, count, declared);
  const answered = answeredOutputs(declared, predictions, form.outputs);
  const body = writeColumns(predictions, count, namesOf(answered, predictions), format, form);
  return { body: form.contentType === EVENT_STREAM ? asEvents(body) : body, rows: count };
}

/**
 * What writes the parts of a streamed answer, each as many rows as its columns have.
 * @param declared the model's outputs
 */
export function partWriter(declared: OutputDefinitions, form: AnswerForm): PartWriter {
  const { format, gaps, isBatch, isPart = false } = form;
  const asSent = form.contentType === EVENT_STREAM ? asEvents : (lines: Buffer) => lines;
  if ('own' in format) {
    const end = Buffer.from('schema' in format.own ? '\n' : '');
    return {
      write: async (part) => asSent(Buffer.concat([await writeAnswer(part, form.accept, format.own), end])),
      end: () => Buffer.alloc(0),
    };
  }
  const { write, frame, isDocument, isWhole }: AnswerWriter = format.answer;
  if (isWhole) throw notInParts(format.type);
  let row = 0;
  const rowsOf = (predictions: Predictions, rows: number, names: readonly string[], last: number) => {
    const within = [...gaps].filter(([before]) => before >= row && before < row + rows + last);
    const layout = { hasFinalNewline: true, isFragment: true };
    const body = write(predictions, rows, names, {
      ...layout,
      gaps: new Map(within.map(([at, records]) => [at - row, records])),
    });
    row += rows;
    return asSent(body);
  };
  return {
    write(part) {
      const predictions = definedColumns(part);
      const rows = lengthOf(Object.values(predictions)[0]);
      checkPredictions(predictions, rows, declared);
      const answered = answeredOutputs(declared, predictions, form.outputs);
      return rowsOf(predictions, rows, namesOf(answered, predictions), 0);
    },
    end: () => rowsOf({}, 0, [], 1),
    frame: frame && frameOf(frame, isBatch && isDocument, isPart),
  };
}

// --- internal ---

function notInParts(type: string): ClientError {
  return new ClientError(
    'E_REQUEST_ACCEPT',
    `Header Accept must allow another type than ${type}, which begins with the number of its rows: this answer comes in parts.`,
  );
}

function frameOf(frame: DocumentFrame, endsWithLineFeed: boolean, isPart: boolean): DocumentFrame {
  if (isPart) return { ...frame, before: '', after: '' };
  return endsWithLineFeed ? { ...frame, after: `${frame.after}\n` } : frame;
}

function namesOf(answered: OutputDefinitions, predictions: Predictions): string[] {
  return Object.keys(answered).filter((name) => Object.hasOwn(predictions, name));
}

async function ownBody(
  returned: unknown,
  rows: number,
  { format, accept, contentType, isBatch }: AnswerForm,
): Promise<AnswerBody> {
  if (!('own' in format)) throw new TypeError(`${format.type} has a writer`);
  const body = await writeAnswer(returned, accept, format.own);
  if (contentType === EVENT_STREAM) return { body: asEvents(body), rows };
  return { body: isBatch && 'schema' in format.own ? Buffer.concat([body, LINE_FEED]) : body, rows };
}

function writeColumns(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  { answer }: AnswerFormat,
  { gaps, isBatch, isPart = false }: Pick<AnswerForm, 'gaps' | 'isBatch' | 'isPart'>,
): Buffer {
  const { write, isDocument }: AnswerWriter = answer;
  const body = write(predictions, rows, names, { hasFinalNewline: true, gaps, isFragment: isPart });
  return isBatch && isDocument && !isPart ? Buffer.concat([body, LINE_FEED]) : body;
}

/** Columns that are undefined are left out. */
export function definedColumns(returned: unknown): Predictions {
  if (typeof returned !== 'object' || returned === null) {
    throw new AlgorithmError('E_ALGORITHM', `predict: expected columns by output name; received ${typeof returned}.`);
  }
  if (Object.values(returned).every(Boolean)) return returned as Predictions;
  const columns = Object.entries(returned).filter((entry): entry is [string, PredictionColumn] => !!entry[1]);
  return Object.fromEntries(columns);
}

function lengthOf(column: PredictionColumn | undefined): number {
  if (!column) return 0;
  if ('width' in column) return column.values.length / column.width;
  return column.length;
}
