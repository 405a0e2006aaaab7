/** The columns of one CSV file as columns of a row: by position, or as the names of a header line say. */
import type { TableColumn } from './column-table.js';
import type { CsvColumn } from './header.js';
import type { CsvOptions } from './layout.js';

export interface FileColumns {
  readonly count: number;
  /** Labels first; none where they are numbers in their places without names. */
  readonly ofRow: readonly TableColumn[];
  /** The same in the order of the file. */
  readonly ofFile: readonly TableColumn[];
  /** Whether all are numbers in their places, which the kernel reads fastest. */
  readonly isPlain: boolean;
  readonly hasNames: boolean;
  /** Of the features, where this file has them. */
  readonly featureNames: readonly string[] | undefined;
}

/** What decides the columns of a file. */
type ColumnOptions = Pick<CsvOptions, 'labelCount' | 'hasWeights' | 'texts'>;

export const NO_COLUMNS: FileColumns = plainColumns(0);

/** Columns of a line that are not features. */
export function leadColumns({ labelCount, hasWeights }: ColumnOptions): number {
  return labelCount + Number(hasWeights ?? false);
}

/** The `count` columns of a file without names. */
export function columnsInOrder(count: number, options: ColumnOptions): FileColumns {
  // A row without a feature is found by the kernel, after the problems of its fields.
  const length = Math.max(count, leadColumns(options) + 1);
  // An object per column would cost a request of one row more than its numbers do.
  if (!options.texts) return plainColumns(length);
  return arrangedColumns(
    Array.from({ length }, (_, source) => columnInOrder(source, options)),
    options,
  );
}

/** The column `source`, from 0, of a file without names. */
export function columnInOrder(source: number, options: ColumnOptions): CsvColumn {
  if (source < options.labelCount) return { source, role: 'label', index: source };
  const lead = leadColumns(options);
  return source < lead ? { source, role: 'weight', index: 0 } : { source, role: 'feature', index: source - lead };
}

/** @param columns labels first, then the weight, then the features */
export function arrangedColumns(columns: readonly CsvColumn[], { texts }: ColumnOptions): FileColumns {
  const ofRow = columns.map(({ source, role, index, name }) => {
    const text = texts?.of({ role, index, name, number: source + 1 });
    return { source, role, index, name, text };
  });
  const isInOrder = columns.every(({ source }, at) => source === at);
  const names = columns.flatMap(({ role, name }) => (role === 'feature' && name !== undefined ? [name] : []));
  return {
    count: columns.length,
    ofRow,
    ofFile: isInOrder ? ofRow : ofRow.toSorted((one, other) => one.source - other.source),
    isPlain: isInOrder && !ofRow.some(({ text }) => text),
    hasNames: columns.some(({ name }) => name !== undefined),
    featureNames: names.length > 0 ? names : undefined,
  };
}

// --- internal ---

function plainColumns(count: number): FileColumns {
  return { count, ofRow: [], ofFile: [], isPlain: true, hasNames: false, featureNames: undefined };
}
