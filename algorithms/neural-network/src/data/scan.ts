/**
 * The first pass over the training rows: how they are scaled, which categories and classes there are, how many rows. Each
 * host reads its own; what they find is joined, so that all hosts know the same of the whole.
 */
import {
  type Block,
  type BlockOptions,
  type Categories,
  type Channel,
  ClientError,
  type Communicator,
  oneHost,
  type ReplayableRows,
  type RowNumbers,
  replayableRows,
  type StopSignal,
} from '@algo/contract';
import { type CategoryValues, createCategoryValues, joinCategoryValues } from './categories.js';
import { createLabelCollector, type LabelSummary, summarizeLabels } from './labels.js';
import { createMoments, joinMoments, type Moments } from './moments.js';
import { sumOf } from './shared-windows.js';

export interface RowOptions {
  readonly hasWeights: boolean;
  /** Feature columns that the rows must have, when that is known. */
  readonly featureCount: number | undefined;
  /** Names that the columns must have, where the data has names: they are put into this order. */
  readonly featureNames?: readonly string[] | undefined;
  /** Names of categories, of a model that training continues from; default: those of the training channel. */
  readonly categories?: BlockOptions['categories'];
  readonly unseenCategories?: BlockOptions['unseenCategories'];
  /** Rows are kept up to this many bytes, at four bytes per value. */
  readonly keptBytes: number;
  readonly stop: Pick<StopSignal, 'requested'>;
  progress?(line: string): void;
  /** Whether the rows get a digest. */
  readonly digest?: boolean;
}

export interface ScanOptions extends RowOptions {
  /** What is collected of the rows, once the first of them say which columns hold text. */
  collected(columns: TextColumns): Collected;
  /** That read parts of the channel; default: one, which reads it all. */
  readonly hosts?: Communicator | undefined;
}

/** The label columns of rows, and the names in their text columns. */
export type TextColumns = Pick<Block, 'labelCount'> & { readonly categories?: Categories | undefined };

export interface Collected {
  readonly categoricalColumns: readonly number[];
  /** Undefined for a regression. */
  readonly classCount: number | undefined;
}

/** What is known of the rows of all hosts. */
export interface Scan {
  readonly rows: number;
  /** [hosts] rows of each, by rank. */
  readonly rowsOfHosts: readonly number[];
  /** Where this host's rows are among those of all. */
  readonly numbers: RowNumbers;
  /** Feature columns. */
  readonly columns: number;
  /** In the order of the features; those of the model that training continues from, if the rows have none. */
  readonly columnNames: readonly string[] | undefined;
  readonly moments: Moments;
  readonly categories: CategoryValues;
  /** The names behind the codes of text columns; undefined where there is none. */
  readonly categoryNames: Categories | undefined;
  readonly labels: LabelSummary;
  /** This host's rows themselves, as often as they are needed. Blocks of libsvm may lack last columns that are 0. */
  readonly source: Pick<ReplayableRows, 'pass' | 'release'>;
  /** Of the rows, where it was asked for. */
  readonly digest?: string | undefined;
}

/**
 * @throws ClientError E_STOPPED when a stop comes before the end, E_DATA_LABEL, E_DATA_COLUMNS, E_DATA_CATEGORY naming
 *   the place
 */
export async function scanRows(channel: Channel, options: ScanOptions): Promise<Scan> {
  const { hosts = oneHost() } = options;
  let isScanned = false;
  const stop = {
    // Later passes would end on some hosts and not on others, which agree on a stop between two steps.
    get requested() {
      return options.stop.requested && !(isScanned && hosts.size > 1);
    },
  };
  const source = openRows(channel, { ...options, stop });
  const parts = hosts.gatherValues(await collect(channel, source, options));
  isScanned = true;
  const { form, rowsOfHosts, numbers } = source;
  const rows = sumOf(rowsOfHosts);
  if (sumOf(parts.map(({ weight }) => weight)) === 0) {
    throw new ClientError(
      'E_DATA_WEIGHT',
      `Channel "${channel.name}" must have rows with a weight above 0; all ${rows} have 0.`,
    );
  }
  const values = parts.map(({ categories }) => categories);
  return {
    rows,
    rowsOfHosts,
    numbers,
    columns: form.columns,
    columnNames: form.columnNames,
    moments: joinMoments(parts.map(({ moments }) => moments)),
    categories: joinCategoryValues(values, channel.name),
    categoryNames: source.categories,
    labels: summarizeLabels(
      channel.name,
      parts.map(({ labels }) => labels),
    ),
    source,
    digest: source.digest(),
  };
}

/** A channel's rows as the first pass and all others read them. */
export function openRows(channel: Channel, options: RowOptions): ReplayableRows {
  const { hasWeights, featureCount, featureNames, categories, unseenCategories, keptBytes, ...others } = options;
  return replayableRows(channel, {
    ...others,
    // Kept as doubles, which are twice as long.
    keepBytes: 2 * keptBytes,
    read: {
      ...{ hasWeights, featureNames, categories, unseenCategories },
      ...(featureCount !== undefined && { featureCount }),
    },
    before: 'the first step',
  });
}

/** Memory of rows as the network reads them. @param width of a row: features, labels and weight */
export function encodedBytes(rows: number, width: number): number {
  return rows * width * Float32Array.BYTES_PER_ELEMENT;
}

// --- internal ---

/** What this host finds in its rows: the same kinds of things whichever rows it has. */
async function collect(channel: Channel, source: ReplayableRows, options: ScanOptions) {
  const moments = createMoments();
  let collectors: ReturnType<typeof createCollectors> | undefined;
  let weight = 0;
  for await (const block of source.pass()) {
    collectors ??= createCollectors(channel, options.collected(block));
    collectors.labels.add(block);
    collectors.categories.add(block);
    moments.add(block.features, block.rows, block.columns);
    weight += block.weights ? block.weights.reduce((sum, own) => sum + own, 0) : block.rows;
  }
  const { labelCount } = source.form;
  const { labels, categories } =
    collectors ?? createCollectors(channel, options.collected({ labelCount, categories: source.categories }));
  return { weight, moments: moments.sums(), labels: labels.sums(), categories: categories.found };
}

function createCollectors(channel: Channel, { categoricalColumns, classCount }: Collected) {
  return {
    categories: createCategoryValues(channel.name, categoricalColumns),
    labels: createLabelCollector(channel, classCount),
  };
}
