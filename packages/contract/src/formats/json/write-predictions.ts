/**
 * Predictions as JSON, `{"predictions":[{"score":31}]}`, and as JSON Lines, an object per line. JSON has no NaN or Infinity,
 * so they become null.
 */
import type { PredictionColumn, Predictions } from '../../prediction.js';
import { shortFloat32 } from '../float32-text.js';
import type { AnswerLayout } from '../format.js';
import { asList, type Field, isTextColumn, joinCells, joinRows, linesFrame } from '../text/write-rows.js';

export function writeJson(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  { blanks }: AnswerLayout,
): Buffer {
  const frame = { before: '{"predictions":[', between: ',', after: ']}', blank: 'null' };
  return joinRows(rows, fieldsOf(predictions, names), frame, blanks);
}

export function writeJsonLines(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  layout: AnswerLayout,
): Buffer {
  return joinRows(rows, fieldsOf(predictions, names), linesFrame(layout), layout.blanks);
}

// --- internal ---

/** The members of a row's object, and what closes it. */
function fieldsOf(predictions: Predictions, names: readonly string[]): Field[] {
  const members = names.map((name, i) =>
    memberOf(predictions[name]!, `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`),
  );
  return [...members, () => '}'];
}

function memberOf(column: PredictionColumn, key: string): Field {
  if (isTextColumn(column)) return (row) => key + JSON.stringify(column[row]);
  const { values, width } = asList(column);
  const write = values instanceof Float32Array ? float32 : number;
  if (width === undefined) return (row) => key + write(values[row]!);
  return (row) => `${key}[${joinCells(values, row * width, width, write)}]`;
}

function float32(value: number): string {
  return Number.isFinite(value) ? String(shortFloat32(value)) : 'null';
}

function number(value: number): string {
  return Number.isFinite(value) ? String(value) : 'null';
}
