/** The inputs of an imported model, in order, read from model.json before anything is loaded. */
import { ClientError } from '@algo/contract';
import type { DeclaredInput } from './declared-input.js';
import { graphInputs } from './graph-inputs.js';
import { layersInputs } from './layers-inputs.js';
import { isGraphModel, type ModelJson } from './model-json.js';

export interface ModelInput {
  /** By which the model takes it. */
  readonly name: string;
  /** The same as people know it: without the `:0` that TensorFlow's converter puts behind some names. */
  readonly label: string;
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Whole numbers that it takes. */
  readonly limits: readonly [low: number, high: number] | undefined;
  /** Of one row; its values are columns of the request, row-major. */
  readonly shape: readonly number[];
  /** Values of one row. */
  readonly size: number;
  /** The batch size, if the model has a fixed one. */
  readonly batchSize: number | undefined;
}

/**
 * The columns of a row go to these, one input after the other.
 * @throws ClientError E_MODEL for text, for shapes that are not fixed, for none at all
 */
export function modelInputs(file: string, model: ModelJson): readonly ModelInput[] {
  const declared = isGraphModel(model) ? graphInputs(file, model) : layersInputs(file, model);
  if (declared.length === 0) throw new ClientError('E_MODEL', `${file} must have at least one input, but has none.`);
  const inputs = declared.map((input) => checkInput(file, input));
  const columns = featureCountOf(inputs);
  if (!(columns >= 1 && columns <= MAX_COLUMNS)) {
    throw new ClientError(
      'E_MODEL',
      `${file}: a row of all inputs must have between 1 and ${MAX_COLUMNS} values; received ${columns}.`,
    );
  }
  const sizes = new Set(inputs.map(({ batchSize }) => batchSize));
  if (sizes.size === 1) return inputs;
  const shown = inputs.map(({ name, batchSize }) => `"${name}" ${batchSize ?? 'any'}`).join(', ');
  throw new ClientError('E_MODEL', `${file}: all inputs must have the same batch size; received ${shown}.`);
}

/** Columns of a row. */
export function featureCountOf(inputs: readonly ModelInput[]): number {
  return inputs.reduce((sum, { size }) => sum + size, 0);
}

/** Height, width and channels, where the one input has such a shape. */
export function imageShapeOf(inputs: readonly ModelInput[]): readonly [number, number, number] | undefined {
  const [height, width, channels, ...others] = inputs.length === 1 ? inputs[0]!.shape : [];
  if (height === undefined || width === undefined || channels === undefined || others.length > 0) return undefined;
  return [height, width, channels];
}

/**
 * Names of a row's columns, where a model of several inputs gives them: an input of one value is its column, one of more
 * has `input_0`, `input_1`, … Undefined for a single input, whose columns only have an order.
 */
export function columnNames(inputs: readonly ModelInput[]): readonly string[] | undefined {
  if (inputs.length < 2) return undefined;
  const names = inputs.flatMap(({ label, size }) =>
    size === 1 ? [label] : Array.from({ length: size }, (_, index) => `${label}_${index}`),
  );
  return new Set(names).size === names.length ? names : undefined;
}

/** `float32 [rows × 8 × 8]`. @param sides of one row */
export function describeShape(dtype: string, sides: readonly number[]): string {
  return `${dtype} [${['rows', ...sides].join(' × ')}]`;
}

// --- internal ---

const LIMITS = { float32: undefined, int32: [-(2 ** 31), 2 ** 31 - 1], bool: [0, 1] } as const;

/** More columns are more than a reader takes. */
const MAX_COLUMNS = 2 ** 24;

function checkInput(file: string, { name, dtype, shape, limits }: DeclaredInput): ModelInput {
  const refuse = (rule: string, received: string) => {
    return new ClientError('E_MODEL', `${file}: input "${name}" must ${rule}; received ${received}.`);
  };
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    const advice =
      dtype === 'string' ? `${dtype}. Rows are numbers here: save the model without its text layers` : dtype;
    throw refuse('hold numbers (float32, int32 or bool)', advice);
  }
  if (!shape || shape.length === 0) {
    throw refuse('have a known shape whose first side is the rows', shape ? 'a single number' : 'an unknown rank');
  }
  const [batchSize, ...sides] = shape;
  if (batchSize === 0) throw refuse('take at least one row', `[${shape.join(' × ')}]`);
  if (!sides.every((side) => side !== undefined)) {
    const shown = `[${shape.map((side) => side ?? '?').join(' × ')}]`;
    throw refuse(
      'have a fixed shape apart from the rows, so that a row has a fixed number of columns',
      `${shown}. Save the model with an Input of fixed size, such as (224, 224, 3)`,
    );
  }
  const size = sides.reduce((product, side) => product * side, 1);
  return {
    name,
    label: name.replace(/:0$/, ''),
    dtype,
    limits: limits ?? LIMITS[dtype],
    shape: sides,
    size,
    batchSize,
  };
}
