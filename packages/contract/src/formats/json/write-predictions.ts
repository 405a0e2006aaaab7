/**
 * Predictions as JSON, `{"predictions":[{"score":31}]}`, and as JSON Lines, an object per line. JSON has no NaN or Infinity,
 * so they become null. A bad record is an object as the body of an error is: `{"error":{"code":…,"message":…}}`.
 */
import type { PredictionColumn, Predictions } from '../../prediction.js';
import { shortFloat32 } from '../float32-text.js';
import type { AnswerLayout, BadRecord, DocumentFrame, Gap } from '../format.js';
import { type CellWriters, cellsOf, type Field, joinCells, joinRows, linesFrame } from '../text/write-rows.js';

/** What is around and between the rows of a document. */
export const JSON_FRAME: DocumentFrame = { before: '{"predictions":[', between: ',', after: ']}' };

export function writeJson(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  { gaps, isFragment = false }: AnswerLayout,
): Buffer {
  const around = isFragment ? { before: '', after: '' } : {};
  return joinRows(rows, fieldsOf(predictions, names), { ...JSON_FRAME, ...around, gap: elementOf }, gaps);
}

export function writeJsonLines(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  layout: AnswerLayout,
): Buffer {
  return joinRows(rows, fieldsOf(predictions, names), linesFrame(layout, badRecord), layout.gaps);
}

/** As the body of an error. */
export function badRecord({ code, message }: BadRecord): string {
  return JSON.stringify({ error: { code, message } });
}

// --- internal ---

function elementOf(gap: Gap): string {
  return gap === 'blank' ? 'null' : badRecord(gap);
}

/** The members of a row's object, and what closes it. */
function fieldsOf(predictions: Predictions, names: readonly string[]): Field[] {
  const members = names.map((name, i) =>
    memberOf(predictions[name]!, `${i === 0 ? '{' : ','}${JSON.stringify(name)}:`),
  );
  return [...members, () => '}'];
}

function memberOf(column: PredictionColumn, key: string): Field {
  const { cell, width } = cellsOf(column, WRITERS);
  if (width === undefined) return (row) => key + cell(row);
  return (row) => `${key}[${joinCells(cell, row * width, width)}]`;
}

const WRITERS: CellWriters = {
  text: (value) => JSON.stringify(value),
  float32: (value) => (Number.isFinite(value) ? String(shortFloat32(value)) : 'null'),
  number: (value) => (Number.isFinite(value) ? String(value) : 'null'),
};
