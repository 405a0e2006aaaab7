/**
 * Predictions as CSV: a line per record, a list of numbers as that many columns. The line of a bad record says ERROR and has as
 * many fields as all others.
 */
import type { PredictionColumn, Predictions } from '../../prediction.js';
import { shortFloat32 } from '../float32-text.js';
import type { AnswerLayout } from '../format.js';
import { asList, type CellWriters, cellsOf, type Field, joinCells, joinRows, linesFrame } from '../text/write-rows.js';
import { float32Lines } from './float32-lines.js';

export function writeCsv(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  layout: AnswerLayout,
): Buffer {
  const only = names.length === 1 && layout.gaps.size === 0 && rows > 1 ? asList(predictions[names[0]!]!) : undefined;
  if (only?.values instanceof Float32Array && only.width === undefined) {
    return float32Lines(only.values, layout.hasFinalNewline);
  }
  const fields = names.map((name, i) => fieldOf(predictions[name]!, i === 0 ? '' : ','));
  const width = names.reduce((sum, name) => sum + (asList(predictions[name]!).width ?? 1), 0);
  const bad = `${BAD_RECORD}${','.repeat(Math.max(0, width - 1))}`;
  return joinRows(
    rows,
    fields,
    linesFrame(layout, () => bad),
    layout.gaps,
  );
}

// --- internal ---

/** The mark that AWS's guide suggests for batch transform. */
const BAD_RECORD = 'ERROR';

function fieldOf(column: PredictionColumn, separator: string): Field {
  const { cell, width } = cellsOf(column, WRITERS);
  if (width === undefined) return (row) => separator + cell(row);
  return (row) => separator + joinCells(cell, row * width, width);
}

const WRITERS: CellWriters = { text: quotedText, float32: (value) => String(shortFloat32(value)), number: String };

/** RFC 4180; an empty text is quoted too, so that a record of one field is never a blank line. */
function quotedText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
