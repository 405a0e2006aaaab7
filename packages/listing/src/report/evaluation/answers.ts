/**
 * Predictions of an answer, in the forms that serving containers have: JSON with a list, with `predictions` or of one prediction,
 * JSON Lines, CSV. A prediction is a number, a class, a list of scores, or an object with keys of SageMaker's own containers.
 */
import { mediaTypeOf, messageOf, splitFields } from '@algo/local';
import { unquoted } from './hold-out.js';
import { Left } from './left.js';

/** What one row got. */
export interface Prediction {
  readonly score?: number;
  /** One per class. */
  readonly scores?: readonly number[];
  /** The class that is predicted, by its name or number. */
  readonly label?: string;
  /** The classes, in the order of the scores. */
  readonly labels?: readonly string[];
}

/** @throws Left for an answer that has no prediction per row */
export function readPredictions(body: Buffer, contentType: string, rows: number): readonly Prediction[] {
  const predictions = predictionsIn(body, contentType);
  if (predictions.length !== rows) {
    throw new Left(`the answer to ${rows} rows has ${predictions.length} predictions.`);
  }
  return predictions;
}

/** As many as there are. @throws Left for an answer that is not read */
export function predictionsIn(body: Buffer, contentType: string): readonly Prediction[] {
  return valuesOf(body.toString('utf8'), mediaTypeOf(contentType)).map(predictionOf);
}

/** Whether scores can be probabilities of all classes. */
export function addUpToOne(scores: readonly number[]): boolean {
  return Math.abs(scores.reduce((total, score) => total + score, 0) - 1) < SUM_TOLERANCE;
}

// --- internal ---

/** Float32 probabilities of many classes, written with eight digits. */
const SUM_TOLERANCE = 1e-3;

function valuesOf(text: string, type: string): readonly unknown[] {
  const lines = () => text.split(/\r?\n/).filter((line) => line.trim() !== '');
  try {
    if (type === 'application/json') return listOf(JSON.parse(text));
    if (type === 'application/jsonlines' || type === 'application/x-ndjson')
      return lines().map((line) => JSON.parse(line));
    if (type === 'text/csv' || type === 'text/plain') return lines().map(fieldsOf);
  } catch (error) {
    throw new Left(`the answer cannot be read as ${type}: ${messageOf(error)}.`);
  }
  throw new Left(`the answer is ${type}, which the report does not read.`);
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (isObject(value)) {
    if (isPrediction(value)) return [value];
    const list = Object.values(value).find(Array.isArray);
    if (list) return list;
  }
  throw new Left('the answer has no list of predictions.');
}

/** An answer that is one prediction, without a list around it. */
function isPrediction(value: Readonly<Record<string, unknown>>): boolean {
  const { labels, probabilities } = value;
  if (Array.isArray(labels) && isNumbers(probabilities)) return true;
  return [...KEYS, 'predicted_label'].some((key) => value[key] !== undefined && !Array.isArray(value[key]));
}

/** A field that is a number is one; several are probabilities, or a class with how sure it is, which only their sum says. */
function fieldsOf(line: string): unknown {
  const fields = splitFields(line).map(unquoted);
  const numbers = fields.map(Number);
  if (numbers.every((number, i) => fields[i] !== '' && Number.isFinite(number))) {
    if (numbers.length === 1) return numbers[0];
    if (addUpToOne(numbers)) return numbers;
    throw new Error(
      `a line has ${numbers.length} numbers that do not add up to 1, so what each of them is cannot be known`,
    );
  }
  return fields[0]; // a class, and how sure it is
}

function predictionOf(value: unknown): Prediction {
  if (typeof value === 'number') return { score: value };
  if (typeof value === 'string' || typeof value === 'boolean') return { label: String(value) };
  if (isNumbers(value)) return value.length === 1 ? { score: value[0]! } : { scores: value };
  if (!isObject(value)) return {};
  const { labels, probabilities, predicted_label: label } = value;
  if (Array.isArray(labels) && isNumbers(probabilities)) return { labels: labels.map(String), scores: probabilities };
  if (label !== undefined && label !== null) return { label: String(label) };
  const found = KEYS.find((key) => value[key] !== undefined) ?? Object.keys(value)[0];
  return found === undefined || isObject(value[found]) ? {} : predictionOf(value[found]);
}

/** Where a prediction is in an object, best first: SageMaker's own containers, then what others use. */
const KEYS = ['score', 'predicted_value', 'prediction', 'label', 'class', 'value'];

function isNumbers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'number');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
