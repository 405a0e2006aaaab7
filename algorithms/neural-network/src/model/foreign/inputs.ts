/** What goes into a model of another program: its inputs in order, told from model.json before anything is loaded. */
import { ClientError } from '@algo/contract';
import { graphInputs } from './graph-inputs.js';
import { layersInputs } from './layers-inputs.js';
import { isGraphModel, type ModelJson } from './model-json.js';

export interface ModelInput {
  /** By which the model takes it. */
  readonly name: string;
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Of one row; its values are columns of the request, row-major. */
  readonly shape: readonly number[];
  /** Values of one row. */
  readonly size: number;
  /** Rows that the model takes at once, when it takes no other number. */
  readonly batchSize: number | undefined;
}

/** An input as the file has it: sides are undefined when they are open, the whole shape when its rank is. */
export interface DeclaredInput {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | undefined)[] | undefined;
}

/**
 * The columns of a row go to these, one input after the other.
 * @throws ClientError E_MODEL for text, for shapes that are not fixed, for none at all
 */
export function modelInputs(file: string, model: ModelJson): readonly ModelInput[] {
  const declared = isGraphModel(model) ? graphInputs(file, model) : layersInputs(file, model);
  if (declared.length === 0) throw new ClientError('E_MODEL', `${file} must have at least one input; it has none.`);
  const inputs = declared.map((input) => checkInput(file, input));
  const sizes = new Set(inputs.map(({ batchSize }) => batchSize));
  if (sizes.size === 1) return inputs;
  const shown = inputs.map(({ name, batchSize }) => `"${name}" ${batchSize ?? 'any'}`).join(', ');
  throw new ClientError('E_MODEL', `${file}: all inputs must take equally many rows at once; received ${shown}.`);
}

/** Columns of a row. */
export function featureCountOf(inputs: readonly ModelInput[]): number {
  return inputs.reduce((sum, { size }) => sum + size, 0);
}

// --- internal ---

function checkInput(file: string, { name, dtype, shape }: DeclaredInput): ModelInput {
  const refuse = (rule: string, received: string) => {
    return new ClientError('E_MODEL', `${file}: input "${name}" must ${rule}; received ${received}.`);
  };
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') {
    throw refuse('hold numbers (float32, int32 or bool)', dtype);
  }
  if (!shape || shape.length === 0) {
    throw refuse('have a known shape whose first side is the rows', shape ? 'a single number' : 'an unknown rank');
  }
  const [batchSize, ...sides] = shape;
  if (!sides.every((side) => side !== undefined)) {
    const shown = `[${shape.map((side) => side ?? '?').join(' × ')}]`;
    throw refuse('have a fixed shape beside the rows, so that a row has a fixed number of columns', shown);
  }
  return { name, dtype, shape: sides, size: sides.reduce((size, side) => size * side, 1), batchSize };
}
