/**
 * Inference ids of a batch transform: each record of the output gets a random UUID and the time at which the job began, by
 * which it is found again when the true value is known. Sources: AWS guide "Capture data from batch transform job", and the
 * output of a job in amazon-sagemaker-examples (fairness_and_explainability_jsonlines, Bias-Drift-for-Batch-Transform).
 *
 *   CSV         0.3  →  0.3,1f1d57b1-2e6f-488c-8c30-db4e6d757861,2022-08-30T00:49:15Z
 *   JSON Lines  {"score":0.3}  →  {"SageMakerInferenceId":"1f1d…","SageMakerInferenceTime":"2022-…","score":0.3}
 */
import { randomUUID } from 'node:crypto';
import { ArgumentError } from '../errors.js';
import { mediaTypeOf } from '../media-type.js';
import type { ProcessedData } from './data-processing-rules.js';
import { isObject, parseJson, writeJson } from './json-values.js';
import { formatOf } from './record-format.js';

/**
 * @param started when the job began
 * @returns what adds them to the output for a request. It throws SyntaxError for an output that must be JSON and is not
 * @throws ArgumentError as checkInferenceIds
 */
export function createInferenceIds(data: ProcessedData, started: Date): (output: Buffer) => Buffer {
  const { type, encoding } = checkInferenceIds(data);
  const time = started.toISOString().replace(/\.\d+/, '');
  const add = ADD[type] ?? addToObject;
  return (output) => {
    const text = output.toString(encoding);
    const isWhole = type === 'application/json' && isDocument(text);
    const lines = isWhole ? [text.replace(/\n$/, '')] : text.split('\n');
    const written = lines.map((line) => (line.trim() === '' ? line : add(line, time)));
    if (isWhole && text.endsWith('\n')) written.push('');
    return Buffer.from(written.join('\n'), encoding);
  };
}

/**
 * @returns the media type of the output, and its encoding
 * @throws ArgumentError for an output that is neither CSV nor JSON
 */
export function checkInferenceIds({ accept, contentType = 'none' }: Pick<ProcessedData, 'accept' | 'contentType'>) {
  const type = mediaTypeOf(accept ?? contentType);
  const format = formatOf(type);
  if (format) return { type, encoding: format.encoding };
  throw new ArgumentError(
    `GenerateInferenceId must have an output of text/csv, application/json or application/jsonlines; received ${type}.`,
  );
}

// --- internal ---

type Add = (record: string, time: string) => string;

const ADD: Readonly<Record<string, Add>> = {
  'text/csv': (line, time) => line.replace(/\r?$/, (end) => `,${randomUUID()},${time}${end}`),
};

/** A value that is no object gets one around it, as a join does it. */
function addToObject(document: string, time: string): string {
  const value = parseJson(document);
  const ids = { SageMakerInferenceId: randomUUID(), SageMakerInferenceTime: time };
  return writeJson({ ...(isObject(value) ? value : { SageMakerOutput: value }), ...ids });
}

/** Whether the text is one document, on any number of lines. */
function isDocument(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}
