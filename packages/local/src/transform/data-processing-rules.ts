/**
 * What a transform's DataProcessing asks for, and what of it goes together: formats with filters and joins are the same for
 * input and output, and so are record ends. Source: AWS guide "Associate Prediction Results with Input Records".
 */
import { ArgumentError } from '../errors.js';
import { mediaTypeOf } from '../media-type.js';
import { type JsonPath, parseJsonPath } from './json-path.js';
import type { AssembleWith } from './record-assemble.js';
import { formatOf, type RecordFormat } from './record-format.js';
import type { SplitType } from './record-split.js';

/** As CreateTransformJob has it. */
export interface DataProcessing {
  /** JSONPath; default `$`, all of a record. */
  readonly inputFilter?: string | undefined;
  /** JSONPath; default `$`, all of the answer, or of record and answer joined. */
  readonly outputFilter?: string | undefined;
  /** Default None. */
  readonly joinSource?: 'Input' | 'None' | undefined;
}

/** What a transform says of its input and output. */
export interface ProcessedData {
  readonly contentType?: string | undefined;
  readonly accept?: string | undefined;
  /** Default None: a whole file is one request. */
  readonly splitType?: SplitType | undefined;
  /** Default None. */
  readonly assembleWith?: AssembleWith | undefined;
  /** Filters and joins; a payload limit of 0 is then the largest, as they need whole records. */
  readonly dataProcessing?: DataProcessing | undefined;
  /** Whether each record of the output gets an inference id and the time at which the job began; default false. */
  readonly hasInferenceIds?: boolean | undefined;
}

/** What is to be done. */
export interface ProcessingPlan {
  readonly format: RecordFormat;
  /** Whether each line is a record; otherwise the whole file is. */
  readonly isSplit: boolean;
  readonly input: JsonPath;
  readonly output: JsonPath;
  readonly isJoined: boolean;
}

/**
 * @returns undefined when there is nothing to filter or join
 * @throws ArgumentError for a filter that is no JSONPath or does not suit the format, and formats or record ends that do
 *   not go together
 */
export function planDataProcessing(data: ProcessedData): ProcessingPlan | undefined {
  const { inputFilter = '$', outputFilter = '$', joinSource = 'None' } = data.dataProcessing ?? {};
  const input = parseJsonPath(inputFilter, 'InputFilter');
  const output = parseJsonPath(outputFilter, 'OutputFilter');
  const isJoined = joinSource === 'Input';
  const changesOutput = isJoined || output.steps.length > 0;
  if (input.steps.length === 0 && !changesOutput) return undefined;
  const type = mediaTypeOf(data.contentType ?? 'none');
  const format = checkFormats(data, type, changesOutput);
  if (type === 'text/csv') checkIndexes(input, output);
  return { format, isSplit: data.splitType === 'Line', input, output, isJoined };
}

// --- internal ---

function checkFormats(data: ProcessedData, type: string, changesOutput: boolean): RecordFormat {
  const { accept, splitType = 'None', assembleWith = 'None' } = data;
  const format = formatOf(type);
  if (!format) {
    throw new ArgumentError(
      `DataProcessing must have ContentType text/csv, application/json or application/jsonlines; received ${type}.`,
    );
  }
  const isRight = splitType === 'Line' || (splitType === 'None' && type === 'application/json');
  if (!isRight) {
    throw new ArgumentError(
      `DataProcessing with ContentType ${type} must have SplitType ${type === 'application/json' ? 'Line or None' : 'Line'}; received ${splitType}.`,
    );
  }
  if (!changesOutput) return format;
  if (accept !== undefined && mediaTypeOf(accept) !== type) {
    throw new ArgumentError(
      `JoinSource and OutputFilter must have the same ContentType and Accept; received ${type} and ${accept}.`,
    );
  }
  if (assembleWith !== splitType) {
    throw new ArgumentError(
      `JoinSource and OutputFilter must have the same SplitType and AssembleWith; received ${splitType} and ${assembleWith}.`,
    );
  }
  return format;
}

/** A line of CSV is a list of fields that are lists of nothing: only one step of indexes leads anywhere. */
function checkIndexes(...paths: readonly JsonPath[]): void {
  const wrong = paths.find(({ steps }) => steps.length > 1 || steps[0]?.kind === 'names');
  if (wrong === undefined) return;
  throw new ArgumentError(
    `A filter of text/csv must have indexes of columns, as $[0] or $[1:]; received "${wrong.text}".`,
  );
}
