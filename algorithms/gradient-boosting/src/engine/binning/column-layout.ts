/**
 * How features become columns of bins: which column holds a feature, what its bins mean and where its sums are in a
 * histogram.
 *
 *   numeric, categorical   [ bin 0 … bin n−1 | missing ]     (the missing bin only where values are missing)
 *   bundle                 [ none | feature a | feature b … ]   features of two values that never are 1 together
 */
import { BYTE_COLUMN_ENTRIES } from '../../../assembly/layout.js';
import { BUNDLED, CATEGORICAL, NUMERIC } from '../../../assembly/records.js';
import { binCount, type Cuts } from './cuts.js';

/** Where one feature is found. */
export interface FeaturePlace {
  readonly column: number;
  readonly kind: typeof NUMERIC | typeof CATEGORICAL | typeof BUNDLED;
  /** Bins without the missing one. */
  readonly bins: number;
  /** Bin of a missing value. */
  readonly missing: number;
  /** Bundled: the feature's bin in its column. Categorical: the bin of a category not seen in training. */
  readonly code: number;
}

export interface Column {
  /** Entries of the column's histogram in use. */
  readonly entries: number;
  /** First entry of the column in a histogram. */
  readonly start: number;
  readonly features: readonly number[];
}

export interface ColumnLayout {
  readonly places: readonly FeaturePlace[];
  readonly columns: readonly Column[];
  /** Entries of a histogram. */
  readonly histogramEntries: number;
  /** Bytes of a bin of a dense row, or 0 for sparse rows. */
  readonly binBytes: 0 | 1 | 2;
}

/** Share of values that are there below which rows are kept as lists of entries: an entry costs about three bins. */
const SPARSE_DENSITY = 0.35;
/** Odd, so that equal bins of neighbouring columns do not share a cache set. */
const WIDE_PADDING = 1;

/** Whether data with these cuts is better kept as sparse rows. */
function isSparse(cuts: Cuts): boolean {
  const missing = cuts.missing.reduce((sum, count) => sum + count, 0);
  return missing > (1 - SPARSE_DENSITY) * cuts.rows * cuts.featureCount;
}

/** The layout of training data: the features of a bundle share a column, every other feature has one of its own. */
export function trainingLayout(cuts: Cuts): ColumnLayout {
  if (isSparse(cuts)) return sparseLayout(cuts);
  const bundleOf = new Map(cuts.bundles.flatMap((members) => members.map((feature) => [feature, members] as const)));
  const places: FeaturePlace[] = [];
  const features: number[][] = [];
  const columnOf = new Map<readonly number[], number>();
  for (let feature = 0; feature < cuts.featureCount; feature++) {
    const members = bundleOf.get(feature);
    const column = (members && columnOf.get(members)) ?? features.length;
    if (column === features.length) features.push([]);
    features[column]!.push(feature);
    if (members) {
      columnOf.set(members, column);
      const code = features[column]!.length;
      places.push({ column, kind: BUNDLED, bins: 2, missing: 0, code });
    } else places.push(ownPlace(cuts, feature, column));
  }
  const entries = features.map((members) => {
    const [first] = members;
    if (bundleOf.has(first!)) return members.length + 1;
    return places[first!]!.bins + (cuts.missing[first!]! > 0 ? 1 : 0);
  });
  return arrange(places, features, entries, entries.every((count) => count <= 256) ? 1 : 2);
}

/** The layout of evaluation data: one column per feature, with room for missing values and unseen categories everywhere. */
export function evaluationLayout(cuts: Cuts): ColumnLayout {
  if (isSparse(cuts)) return sparseLayout(cuts);
  const places = Array.from({ length: cuts.featureCount }, (_, feature) => ownPlace(cuts, feature, feature));
  const entries = places.map((place) => Math.max(place.missing, place.code) + 1);
  const features = places.map((_, feature) => [feature]);
  return arrange(places, features, entries, entries.every((count) => count <= 256) ? 1 : 2);
}

// --- internal ---

function ownPlace(cuts: Cuts, feature: number, column: number): FeaturePlace {
  const bins = binCount(cuts, feature);
  const isCategorical = cuts.isCategorical[feature] === 1;
  return {
    column,
    kind: isCategorical ? CATEGORICAL : NUMERIC,
    bins,
    missing: bins,
    code: isCategorical ? bins + 1 : 0,
  };
}

/** Missing values have no entry; their bin is the first number behind the column's entries. */
function sparseLayout(cuts: Cuts): ColumnLayout {
  const places = Array.from({ length: cuts.featureCount }, (_, feature): FeaturePlace => {
    const bins = binCount(cuts, feature);
    return cuts.isCategorical[feature] === 1
      ? { column: feature, kind: CATEGORICAL, bins, missing: bins + 1, code: bins }
      : { column: feature, kind: NUMERIC, bins, missing: bins, code: 0 };
  });
  const features = places.map((_, feature) => [feature]);
  return arrange(
    places,
    features,
    places.map((place) => place.missing),
    0,
  );
}

function arrange(
  places: readonly FeaturePlace[],
  features: readonly (readonly number[])[],
  entries: readonly number[],
  binBytes: 0 | 1 | 2,
): ColumnLayout {
  let start = 0;
  const columns = features.map((members, column) => {
    const here = start;
    start += binBytes === 1 ? BYTE_COLUMN_ENTRIES : entries[column]! + (binBytes === 2 ? WIDE_PADDING : 0);
    return { entries: entries[column]!, start: here, features: members };
  });
  return { places, columns, histogramEntries: start, binBytes };
}
