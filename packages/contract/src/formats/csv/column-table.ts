/**
 * The table by which the kernel reads lines whose columns are not all numbers in the order of the block: what each column
 * of the file holds, and where its values go. See assembly/csv/columns.ts for its entries.
 */
import type { TextColumn } from '../categories/text-columns.js';
import type { CsvColumn } from './header.js';
import { COLUMN_BYTES, type CsvKernel, KIND, ROLE } from './kernel.js';
import type { CsvLayout } from './layout.js';

/** A column with what it does with text. */
export interface TableColumn extends CsvColumn {
  readonly text: TextColumn | undefined;
}

/** Bytes that the table and the codes of texts take in front of a block, a multiple of 64. */
export function tableBytes({ CODES_BYTES }: CsvKernel, columns: number): number {
  return CODES_BYTES.value + Math.ceil((columns * COLUMN_BYTES) / 64) * 64;
}

/** Writes the table for the arrays of `layout`. */
export function writeTable(kernel: CsvKernel, columns: readonly TableColumn[], layout: CsvLayout): void {
  const { labelCount, featureColumns, isFloat32 } = layout;
  const start = kernel.FREE_OFFSET.value + kernel.CODES_BYTES.value;
  const view = new DataView(kernel.memory.buffer, start, columns.length * COLUMN_BYTES);
  for (const { role, index, source, text } of columns) {
    const isFeature = role === 'feature';
    const size = isFeature && isFloat32 ? 4 : 8;
    const width = isFeature ? featureColumns : role === 'label' ? labelCount : 1;
    const values = isFeature ? layout.featuresOffset : role === 'label' ? layout.labelsOffset : layout.weightsOffset;
    const at = source * COLUMN_BYTES;
    view.setUint8(at, text ? (text.isOpen ? KIND.open : KIND.text) : KIND.number);
    view.setUint8(at + 1, ROLE[role]);
    view.setUint8(at + 2, Number(size === 4));
    view.setUint32(at + 4, width * size, true);
    view.setUint32(at + 8, values + index * size, true);
  }
  kernel.configureColumns(start, columns.length, kernel.FREE_OFFSET.value);
}
