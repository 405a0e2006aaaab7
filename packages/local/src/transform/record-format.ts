/**
 * The two formats that filters and joins work on: a line of CSV is a list of fields, and an answer's fields follow the
 * record's; of JSON, an answer is put into the record's object as `SageMakerOutput`.
 * Source: AWS API reference, DataProcessing.
 */
import { ArgumentError, messageOf } from '../errors.js';
import { splitFields } from './csv-fields.js';
import { type JsonPath, select } from './json-path.js';
import { isObject, parseJson, writeJson } from './json-values.js';

export interface RecordFormat {
  /** CSV may be in any encoding that has ASCII's commas and quotes: its bytes are kept as they are. */
  readonly encoding: 'latin1' | 'utf8';
  /** A record as the model gets it. @throws Error saying what is wrong with the record */
  filter(record: string, path: JsonPath): string;
  /**
   * What is written for a record.
   * @param record undefined: the answer is not joined
   * @throws Error saying what is wrong with the answer, or with the path
   */
  output(record: string | undefined, answer: string, path: JsonPath): string;
}

/**
 * Of JSON Lines each line is a document of its own.
 * @param type without parameters
 * @returns undefined for a media type that is neither
 */
export function formatOf(type: string): RecordFormat | undefined {
  if (type === 'text/csv') return csvFormat;
  return type === 'application/json' || type === 'application/jsonlines' ? jsonFormat : undefined;
}

// --- internal ---

const csvFormat: RecordFormat = {
  encoding: 'latin1',
  filter: (record, path) => selectFields(splitFields(record), path),
  output(record, answer, path) {
    if (path.steps.length === 0) return record === undefined ? answer : `${record},${answer}`;
    const fields = record === undefined ? [] : splitFields(record);
    return selectFields([...fields, ...splitFields(answer)], path);
  },
};

function selectFields(fields: readonly string[], path: JsonPath): string {
  const selected = select(path, fields);
  return Array.isArray(selected) ? selected.join(',') : String(selected);
}

const jsonFormat: RecordFormat = {
  encoding: 'utf8',
  filter: (record, path) => writeJson(select(path, parse(record, 'the record'))),
  output(record, answer, path) {
    const result = parse(answer, 'the answer');
    if (record === undefined) return writeJson(select(path, result));
    const input = parse(record, 'the record');
    const joined = isObject(input)
      ? { ...input, SageMakerOutput: result }
      : { SageMakerInput: input, SageMakerOutput: result };
    return writeJson(select(path, joined));
  },
};

function parse(text: string, what: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    throw new ArgumentError(`${what} must be JSON; ${messageOf(error)}.`, { cause: error });
  }
}
