/**
 * Predictions as a `.npy` file, version 1: one array of all columns that were asked for, in their order. A single number per
 * row makes an array of one axis. Columns that are all float32, or all int32, keep their type; others are float64. A bad record is a
 * row of NaN.
 */
import { ClientError } from '../../errors.js';
import type { PredictionColumn, Predictions } from '../../prediction.js';
import type { AnswerLayout } from '../format.js';
import { asList, isTexts } from '../text/write-rows.js';
import { MAGIC } from './header.js';

/** @throws ClientError E_REQUEST_OUTPUT for columns of text, which an array of numbers cannot hold */
export function writeNpy(
  predictions: Predictions,
  rows: number,
  names: readonly string[],
  { gaps }: AnswerLayout,
): Buffer {
  const columns = names.map((name) => numbersOf(name, predictions[name]!));
  const places = gaps.size === 0 ? undefined : placesOf(rows, gaps);
  const count = places?.[rows] ?? rows;
  // Where no record was good, nobody knows the columns.
  const width = columns.reduce((sum, column) => sum + column.width, 0) || Number(count > 0);
  const { descr, Values } = typeOf(columns, count > rows);
  const header = npyHeader(descr, width <= 1 ? `(${count},)` : `(${count}, ${width})`);
  const body = Buffer.allocUnsafeSlow(header.length + count * width * Values.BYTES_PER_ELEMENT);
  header.copy(body);
  const target = new Values(body.buffer, header.length, count * width);
  if (count > rows) target.fill(Number.NaN);
  let start = 0;
  for (const { values, width: own } of columns) {
    for (let row = 0, from = 0; row < rows; row++) {
      const to = (places?.[row] ?? row) * width + start;
      for (let i = 0; i < own; i++) target[to + i] = values[from++]!;
    }
    start += own;
  }
  return body;
}

/**
 * The header before the numbers, which NumPy pads with blanks so that they are aligned to 64 bytes.
 * @param descr type of the numbers, such as `<f8`
 * @param shape as Python writes it, such as `(3, 2)`
 */
export function npyHeader(descr: string, shape: string): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const fixed = MAGIC.length + 4;
  const length = Math.ceil((fixed + text.length + 1) / 64) * 64 - fixed;
  const sizes = Buffer.from([1, 0, length & 0xff, length >>> 8]);
  return Buffer.concat([MAGIC, sizes, Buffer.from(`${text.padEnd(length - 1)}\n`, 'latin1')]);
}

// --- internal ---

interface Numbers {
  readonly values: Float64Array | Float32Array | Int32Array;
  readonly width: number;
}

function numbersOf(name: string, column: PredictionColumn): Numbers {
  const { values, width = 1 } = asList(column);
  if (!isTexts(values)) return { values, width };
  throw new ClientError(
    'E_REQUEST_OUTPUT',
    `Header Accept: application/x-npy holds numbers only, and "${name}" is text. Ask for other outputs (output=…), or another type.`,
  );
}

/** [rows + 1] by row, its place among rows and bad records; last how many they are together. */
function placesOf(rows: number, gaps: AnswerLayout['gaps']): Uint32Array {
  const places = new Uint32Array(rows + 1);
  let bad = 0;
  for (let row = 0; row <= rows; row++) {
    bad += gaps.get(row)?.filter((gap) => gap !== 'blank').length ?? 0;
    places[row] = row + bad;
  }
  return places;
}

/** No integer is NaN. */
function typeOf(columns: readonly Numbers[], hasGaps: boolean) {
  const all = (Kind: Float32ArrayConstructor | Int32ArrayConstructor) =>
    columns.length > 0 && columns.every(({ values }) => values instanceof Kind);
  if (all(Float32Array)) return { descr: '<f4', Values: Float32Array };
  return all(Int32Array) && !hasGaps ? { descr: '<i4', Values: Int32Array } : { descr: '<f8', Values: Float64Array };
}
