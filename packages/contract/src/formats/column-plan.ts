/**
 * Columns with names as the columns of a row: labels first, then the weight, then the features, in the order that the
 * training data or the model asks for. Without either the file's own order counts, but for a label named by the content
 * type.
 */
import { ClientError } from '../errors.js';
import type { BlockOptions } from './block.js';
import { matchNames, type NamedColumns } from './column-names.js';
import { labelSizeOf } from './label-size.js';
import { quoteValue } from './place.js';
import type { ReadSettings } from './reader.js';

/** What a column's values are to a row. */
export type Role = 'label' | 'weight' | 'feature';

/** What the columns of a file must be. */
export interface ExpectedNames extends Pick<BlockOptions, 'hasWeights' | 'featureCount' | 'featureNames'> {
  readonly labelCount: number;
  /** The column that is the label; default: the first. */
  readonly labelName?: string | undefined;
  /** Columns of the file that others must agree with; absent for the first one. */
  readonly as?: NamedColumns | undefined;
}

/** What a pass asks of each file. */
export function expectedNames({ contentType, hasWeights, featureCount, featureNames }: ReadSettings): ExpectedNames {
  return {
    labelCount: labelSizeOf(contentType),
    labelName: contentType.parameters.label,
    hasWeights: hasWeights ?? false,
    ...(featureCount !== undefined && { featureCount }),
    ...(featureNames && { featureNames }),
  };
}

/**
 * `columns` of a file in the order of a row.
 * @param where as messages begin: `train/a.parquet`
 * @throws ClientError E_DATA_COLUMNS for columns that are too few, or others than expected
 */
export function planColumns<C extends { readonly name: string }>(
  columns: readonly C[],
  expected: ExpectedNames,
  where: string,
): (C & { readonly role: Role })[] {
  const leadCount = expected.labelCount + Number(expected.hasWeights ?? false);
  if (expected.as && expected.as.labels.length !== expected.labelCount) {
    throw columnsError(
      where,
      `label_size of the content type must be ${expected.as.labels.length} as for ${expected.as.from}; it is ${expected.labelCount}`,
    );
  }
  const ordered = expected.as ? inOrderOf(columns, expected.as, where) : labelFirst(columns, expected.labelName, where);
  if (ordered.length <= leadCount) throw tooFew(where, ordered.length, expected);
  let features = ordered.slice(leadCount);
  if (expected.featureNames) features = byName(features, expected.featureNames, where, 'the model');
  const { featureCount } = expected;
  if (featureCount !== undefined && features.length !== featureCount) {
    throw columnsError(
      where,
      `expected ${featureCount} feature${featureCount === 1 ? '' : 's'}; received ${features.length}`,
    );
  }
  return [...ordered.slice(0, leadCount), ...features].map((column, i) => {
    return { ...column, role: i < expected.labelCount ? 'label' : i < leadCount ? 'weight' : 'feature' };
  });
}

/** @throws ClientError E_DATA_COLUMNS for rows without names where the content type names the label */
export function requireNames({ labelName }: Pick<ExpectedNames, 'labelName'>, where: string): void {
  if (labelName === undefined) return;
  throw columnsError(
    where,
    `the columns must have names, since the content type names ${quoteValue(labelName)} as the label; received none`,
  );
}

/** `columns`, each with its index among those of its role. */
export function positioned<C extends { readonly role: Role }>(
  columns: readonly C[],
): (C & { readonly index: number })[] {
  const counts = { label: 0, weight: 0, feature: 0 };
  return columns.map((column) => ({ ...column, index: counts[column.role]++ }));
}

/** The names of planned columns, as other files must have them. */
export function namesOf(
  columns: readonly { readonly name: string; readonly role: Role }[],
  from: string,
): NamedColumns {
  const named = (role: Role) => columns.filter((column) => column.role === role).map(({ name }) => name);
  return { labels: named('label'), weights: named('weight'), features: named('feature'), from };
}

/** The error for columns that are not as they must be. */
export function columnsError(where: string, sentence: string): ClientError {
  return new ClientError('E_DATA_COLUMNS', `${where}: ${sentence}.`);
}

/** As messages show it: `1 label column`, `3 feature columns`. */
export function columnCount(count: number, role: Role): string {
  return `${count} ${role} column${count === 1 ? '' : 's'}`;
}

// --- internal ---

/** More names say no more. */
const SHOWN_NAMES = 8;

function inOrderOf<C extends { readonly name: string }>(columns: readonly C[], as: NamedColumns, where: string): C[] {
  return byName(columns, [...as.labels, ...as.weights, ...as.features], where, as.from);
}

function labelFirst<C extends { readonly name: string }>(
  columns: readonly C[],
  label: string | undefined,
  where: string,
): readonly C[] {
  if (label === undefined) return columns;
  const own = columns.find(({ name }) => name === label);
  if (own) return [own, ...columns.filter((column) => column !== own)];
  const names = columns.slice(0, SHOWN_NAMES).map(({ name }) => quoteValue(name));
  const more = columns.length > SHOWN_NAMES ? ` and ${columns.length - SHOWN_NAMES} more` : '';
  throw columnsError(
    where,
    `the column ${quoteValue(label)}, which the content type names as the label, must exist; received ${names.join(', ')}${more}`,
  );
}

function byName<C extends { readonly name: string }>(
  columns: readonly C[],
  names: readonly string[],
  where: string,
  from: string,
): C[] {
  const received = columns.map(({ name }) => name);
  return matchNames(received, names, where, from).map((position) => columns[position]!);
}

function tooFew(where: string, received: number, { labelCount, hasWeights }: ExpectedNames): ClientError {
  const leadCount = labelCount + Number(hasWeights ?? false);
  const lead = [labelCount && `${labelCount} label${labelCount > 1 ? 's' : ''}`, hasWeights && '1 weight'];
  const parts = [...lead, '1 feature'].filter(Boolean).join(', ');
  return columnsError(where, `expected at least ${leadCount + 1} columns (${parts}); received ${received}`);
}
