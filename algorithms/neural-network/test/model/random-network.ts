/** Networks of every kind with random weights, for properties that all of them have. */
import { createRandom } from '@algo/numerics';
import fc from 'fast-check';
import type {
  ActivationName,
  LayerDefinition,
  NetworkDefinition,
  Scaling,
  TrainedNetwork,
} from '../../src/network/definition.js';
import { weightDefinitions } from '../../src/network/weights.js';

const activation = fc.constantFrom<ActivationName>('linear', 'relu', 'tanh', 'sigmoid', 'elu', 'gelu', 'swish');
const task = fc.constantFrom('regression', 'binary', 'multiclass');

type Part =
  | { readonly kind: 'dense'; readonly units: number; readonly activation: ActivationName }
  | {
      readonly kind: 'convolution';
      readonly filters: number;
      readonly kernelSize: number;
      readonly activation: ActivationName;
    }
  | { readonly kind: 'maxPooling'; readonly size: number }
  | { readonly kind: 'batchNormalization' | 'dropout' }
  | { readonly kind: 'activation'; readonly activation: ActivationName };

const between = fc.oneof(
  fc.constantFrom<Part>({ kind: 'batchNormalization' }, { kind: 'dropout' }),
  activation.map((name): Part => ({ kind: 'activation', activation: name })),
);
const dense = fc
  .record({ units: fc.integer({ min: 1, max: 9 }), activation })
  .map((part): Part => ({ kind: 'dense', ...part }));
const convolution = fc
  .record({ filters: fc.integer({ min: 1, max: 4 }), kernelSize: fc.constantFrom(1, 3, 5), activation })
  .map((part): Part => ({ kind: 'convolution', ...part }));
const pooling = fc.integer({ min: 1, max: 3 }).map((size): Part => ({ kind: 'maxPooling', size }));

const table = fc
  .record({
    columns: fc.array(fc.constantFrom('number', 'category'), { minLength: 1, maxLength: 6 }),
    parts: fc.array(fc.oneof(dense, between), { maxLength: 4 }),
  })
  .map(({ columns, parts }) => {
    const numbered = columns.map((kind, column) => ({ kind, column }));
    return {
      imageShape: undefined,
      featureCount: columns.length,
      numericColumns: numbered.filter(({ kind }) => kind === 'number').map(({ column }) => column),
      categoricalInputs: numbered
        .filter(({ kind }) => kind === 'category')
        .map(({ column }) => ({ column, values: CATEGORIES.slice(0, 1 + (column % 4)), dimensions: 1 + (column % 3) })),
      layers: named(parts),
    };
  });

/** Not all are whole numbers, and one is none that float32 holds. */
const CATEGORIES = [-3, 0.1, 2, 7];

const image = fc
  .record({
    shape: fc.tuple(fc.integer({ min: 6, max: 9 }), fc.integer({ min: 6, max: 8 }), fc.integer({ min: 1, max: 3 })),
    parts: fc.array(fc.oneof(convolution, between), { maxLength: 3 }),
    pool: fc.option(pooling),
    flatParts: fc.array(fc.oneof(dense, between), { maxLength: 2 }),
  })
  .map(({ shape, parts, pool, flatParts }) => ({
    imageShape: shape,
    featureCount: shape[0] * shape[1] * shape[2],
    numericColumns: Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, column) => column),
    categoricalInputs: [],
    layers: [
      ...named([...parts, ...(pool ? [pool] : [])]),
      { kind: 'flatten', name: 'flat' } as const,
      ...named(flatParts, 'flat_'),
    ],
  }));

/** Any network that a definition can describe, with rows for it. */
export const anyNetwork: fc.Arbitrary<{ network: TrainedNetwork; rows: number; features: Float32Array }> = fc
  .record({
    input: fc.oneof(table, image),
    task,
    outputs: fc.integer({ min: 1, max: 3 }),
    rows: fc.integer({ min: 1, max: 5 }),
    seed: fc.integer({ min: 1, max: 2 ** 31 }),
  })
  .map(({ input, task, outputs, rows, seed }) => {
    const outputCount = task === 'binary' ? 1 : task === 'multiclass' ? outputs + 1 : outputs;
    const definition: NetworkDefinition = { task, ...input, outputCount };
    const network = randomNetwork(definition, seed);
    return { network, rows, features: randomRows(network, rows, seed) };
  });

/** The network with weights of a size that keeps values in the range of a trained one. */
export function randomNetwork(definition: NetworkDefinition, seed: number): TrainedNetwork {
  const random = createRandom(seed).uniform;
  const scaling = (count: number): Scaling => ({
    means: Float64Array.from({ length: count }, () => (random() - 0.5) * 4000),
    deviations: Float64Array.from({ length: count }, () => 0.1 + 10 * random()),
  });
  const weights = new Map(
    weightDefinitions(definition).map(({ name, shape }) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const reach = 1 / Math.sqrt(size / shape.at(-1)!);
      const draw = () => (name.endsWith('moving_variance') ? 0.5 + random() : (2 * random() - 1) * reach);
      return [name, Float32Array.from({ length: size }, draw)];
    }),
  );
  return {
    definition,
    inputScaling: scaling(definition.imageShape?.[2] ?? definition.numericColumns.length),
    outputScaling: definition.task === 'regression' ? scaling(definition.outputCount) : undefined,
    weights,
  };
}

/** [rows × features] that lie where the scaling expects them; known and unknown categories. */
export function randomRows({ definition, inputScaling }: TrainedNetwork, rows: number, seed: number): Float32Array {
  const random = createRandom(seed + 1).uniform;
  const { featureCount, imageShape, numericColumns, categoricalInputs } = definition;
  const features = new Float32Array(rows * featureCount);
  for (let row = 0; row < rows; row++) {
    for (const [index, column] of numericColumns.entries()) {
      const channel = imageShape ? index % imageShape[2] : index;
      const standardized = 3 * (random() + random() - 1);
      features[row * featureCount + column] =
        inputScaling.means[channel]! + standardized * inputScaling.deviations[channel]!;
    }
    for (const { column, values } of categoricalInputs) {
      features[row * featureCount + column] = [...values, 1234][Math.floor(random() * (values.length + 1))]!;
    }
  }
  return features;
}

function named(parts: readonly Part[], prefix = ''): LayerDefinition[] {
  return parts.map((part, index): LayerDefinition => {
    const name = `${prefix}${part.kind}_${index + 1}`;
    switch (part.kind) {
      case 'batchNormalization':
        return { kind: part.kind, name, momentum: 0.9, epsilon: 1e-3 };
      case 'dropout':
        return { kind: part.kind, name, rate: 0.3 };
      default:
        return { ...part, name };
    }
  });
}
