/**
 * Text columns of a table of several hosts: the dictionary of a column is that of the names on all hosts, and codes are
 * those in it, as if one host had read all rows.
 */
import { type Categories, ClientError, type Communicator, isSparse, mergeCategories } from '@algo/contract';
import type { FeatureBlock, Table } from './table.js';

/**
 * @param table of this host, its columns agreed on
 * @throws ClientError E_DATA_CATEGORY for a column of text on one host and of numbers on another
 */
export async function shareCategories(table: Table, hosts: Communicator, host: string): Promise<Table> {
  const own = table.categories;
  const parts = hosts.gatherValues({ host, categories: own });
  const known = parts.flatMap(({ categories }) => (categories ? [categories] : []));
  if (known.length === 0) return table;
  const categories = mergeCategories(known);
  const numbers = await numbersAmongNames(table, categories);
  for (const [rank, found] of hosts.gatherValues(numbers).entries()) {
    if (!found) continue;
    const { role, column } = found;
    const other = parts.find((part) => part.categories?.[role][column] !== undefined)!;
    const name = role === 'labels' ? `label column ${column + 1}` : nameOf(table, column);
    throw new ClientError(
      'E_DATA_CATEGORY',
      `Channel "${table.name}": ${name} must be text on all hosts or on none; received text on host ${other.host}, and numbers on host ${parts[rank]!.host}. Declare it in text_columns of the content type.`,
    );
  }
  return own ? { ...recode(table, own, categories), categories } : { ...table, categories };
}

// --- internal ---

interface Place {
  readonly role: 'labels' | 'features';
  readonly column: number;
}

function nameOf({ columnNames }: Table, column: number): string {
  const name = columnNames?.[column];
  return name === undefined ? `feature column ${column + 1}` : `column ${JSON.stringify(name)}`;
}

/** The first column of the dictionaries that has no names on this host, and not only missing values either. */
async function numbersAmongNames(table: Table, all: Categories): Promise<Place | undefined> {
  const isOpen = (role: Place['role']) =>
    all[role].flatMap((names, column) => (names && !table.categories?.[role][column] ? [column] : []));
  const { labels, labelCount, columns } = table;
  for (const column of isOpen('labels')) {
    for (let at = column; at < labels.length; at += labelCount) {
      if (!Number.isNaN(labels[at]!)) return { role: 'labels', column };
    }
  }
  const open = isOpen('features');
  if (open.length === 0) return undefined;
  for await (const block of table.blocks()) {
    if (isSparse(block)) continue;
    for (const column of open) {
      for (let at = column; at < block.features.length; at += columns) {
        if (!Number.isNaN(block.features[at]!)) return { role: 'features', column };
      }
    }
  }
  return undefined;
}

/** New codes by old ones, of a column that has other ones. */
interface Recoding {
  readonly column: number;
  readonly codes: Float32Array;
}

function recodingsOf(own: Categories['features'], all: Categories['features']): Recoding[] {
  return own.flatMap((names, column) => {
    const merged = all[column];
    if (!names || !merged || names.length === merged.length) return [];
    const codeOf = new Map(merged.map((name, code) => [name, code]));
    return [{ column, codes: Float32Array.from(names, (name) => codeOf.get(name)!) }];
  });
}

function recode(table: Table, own: Categories, all: Categories): Table {
  const ofLabels = recodingsOf(own.labels, all.labels);
  const ofFeatures = recodingsOf(own.features, all.features);
  const { labelCount, columns } = table;
  return {
    ...table,
    labels: ofLabels.length === 0 ? table.labels : withCodes(table.labels, labelCount, ofLabels),
    ...(ofFeatures.length > 0 && { blocks: () => recodeBlocks(table, columns, ofFeatures) }),
  };
}

async function* recodeBlocks(table: Table, columns: number, recodings: readonly Recoding[]) {
  for await (const block of table.blocks()) {
    const coded: FeatureBlock = isSparse(block)
      ? block
      : { rows: block.rows, features: withCodes(block.features, columns, recodings) };
    yield coded;
  }
}

/** A copy of [rows × columns] with new codes; NaN stays. */
function withCodes(values: Float32Array, columns: number, recodings: readonly Recoding[]): Float32Array {
  const coded = values.slice();
  for (const { column, codes } of recodings) {
    for (let at = column; at < coded.length; at += columns) coded[at] = codes[coded[at]!] ?? Number.NaN;
  }
  return coded;
}
