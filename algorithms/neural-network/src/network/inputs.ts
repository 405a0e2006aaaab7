/**
 * Rows of features into what the network reads: numbers standardized in float64 and rounded once to float32, categories
 * as indices of their values.
 */
import { ClientError } from '@algo/contract';
import type { NetworkDefinition, Scaling } from './definition.js';

/** Room for encoded rows on the host. */
export interface NetworkInputs {
  readonly rows: number;
  /** [rows × numeric columns], standardized; of an image, [rows × height × width × channels] */
  readonly numeric: Float32Array;
  /** [rows] indices of each categorical input */
  readonly categories: readonly Int32Array[];
}

export interface InputEncoder {
  /**
   * Encodes rows into `out`.
   * @throws ClientError E_DATA_RANGE for a number so far from those of training that float32 cannot hold the distance
   * @param features [rows × featureCount], row-major
   * @param firstOutRow where in `out` the first row goes; firstOutRow + rows ≤ out.rows
   */
  encode(features: Float64Array | Float32Array, rows: number, out: NetworkInputs, firstOutRow?: number): void;
  allocate(rows: number): NetworkInputs;
}

/**
 * An encoder for the definition's columns. Values that a categorical input does not know get the index after its last.
 * @param scaling of the numeric columns in order, or of an image's channels
 */
export function createInputEncoder(definition: NetworkDefinition, scaling: Scaling): InputEncoder {
  const { featureCount, categoricalInputs } = definition;
  const numericColumns = Int32Array.from(definition.numericColumns);
  const width = numericColumns.length;
  const period = scaling.means.length;
  const means = Float64Array.from(numericColumns, (_, position) => scaling.means[position % period]!);
  const deviations = Float64Array.from(numericColumns, (_, position) => scaling.deviations[position % period]!);
  const lookups = categoricalInputs.map(({ values }) => createLookup(values));

  return {
    encode(features, rows, out, firstOutRow = 0) {
      const { numeric, categories } = out;
      for (let row = 0; row < rows; row++) {
        const from = row * featureCount;
        const to = (firstOutRow + row) * width;
        for (let position = 0; position < width; position++) {
          const value = features[from + numericColumns[position]!]!;
          const scaled = (value - means[position]!) / deviations[position]!;
          if (!(scaled <= FLOAT32_MAX && scaled >= -FLOAT32_MAX)) throw outOfRange(numericColumns[position]!, value);
          numeric[to + position] = scaled;
        }
      }
      const isFloat32 = features instanceof Float32Array;
      for (const [input, { column }] of categoricalInputs.entries()) {
        const indices = categories[input]!;
        const { unknown, exact, rounded } = lookups[input]!;
        const known = isFloat32 ? rounded : exact;
        for (let row = 0; row < rows; row++) {
          indices[firstOutRow + row] = known.get(features[row * featureCount + column]!) ?? unknown;
        }
      }
    },
    allocate: (rows) => ({
      rows,
      numeric: new Float32Array(rows * width),
      categories: categoricalInputs.map(() => new Int32Array(rows)),
    }),
  };
}

/** The error for a row that the network cannot compute with. @param column of the features, from 0 */
export function outOfRange(column: number, value: number): ClientError {
  return new ClientError(
    'E_DATA_RANGE',
    `Feature column ${column} (from 0) must be close enough to the training values for float32, which the network computes in; received ${value}.`,
  );
}

// --- internal ---

/** Larger doubles become infinite. */
const FLOAT32_MAX = 3.4028235677973362e38;

interface Lookup {
  readonly exact: ReadonlyMap<number, number>;
  /** For features that were rounded to float32, where 0.1 is another number. */
  readonly rounded: ReadonlyMap<number, number>;
  readonly unknown: number;
}

function createLookup(values: readonly number[]): Lookup {
  const rounded = new Map<number, number>();
  for (const [index, value] of values.entries()) {
    const key = Math.fround(value);
    // Of values that become equal, the first.
    if (!rounded.has(key)) rounded.set(key, index);
  }
  return { exact: new Map(values.map((value, index) => [value, index])), rounded, unknown: values.length };
}
