/**
 * Training rows as shuffled batches on the device, epoch after epoch. Rows of one window stay there and are shuffled as a
 * whole; otherwise they are read again in each epoch and shuffled window by window, so a dataset may be larger than
 * memory. The order depends on seed, epoch and window alone: a job that resumes from a checkpoint sees the same
 * batches.
 */
import { type StopSignal, stoppedBefore } from '@algo/contract';
import { createRandom, permutation, streamSeed } from '@algo/numerics';
import type { NetworkDefinition } from '../network/definition.js';
import type { Operations } from '../operations/operations.js';
import type { Batch } from '../training/trainer.js';
import { type DeviceRows, disposeRows, reorderRows, sliceRows, uploadRows } from './device-rows.js';
import type { Window } from './row-chunks.js';
import { createSample } from './sample.js';

export interface TrainingRowsOptions {
  readonly operations: Operations;
  readonly definition: NetworkDefinition;
  readonly rows: number;
  /** Maximum number of rows of a window: if it is at least `rows`, `windows` is called once. */
  readonly capacity: number;
  readonly batchSize: number;
  readonly seed: number;
  /** [classes] */
  readonly classWeights: Float64Array | undefined;
  /** Looked at while rows are put in order. */
  readonly stop?: Pick<StopSignal, 'requested'> | undefined;
  /** One pass over all rows. @throws ClientError when it finds other rows than before; E_STOPPED */
  windows(): AsyncIterable<Window>;
}

export interface TrainingRows {
  readonly rows: number;
  readonly batchesPerEpoch: number;
  /**
   * The batches of an epoch (from 1) without the first `done`. A batch is disposed when the next one is asked for.
   * @throws ClientError E_STOPPED
   */
  batches(epoch: number, done?: number): AsyncGenerator<Batch, void, undefined>;
  /** Every n-th row, with n so that they are few: there once the first of `batches` has come to its end. */
  sample(): Window;
  dispose(): void;
}

/** Draws of the shuffle, apart from those of weights and dropout. */
const SHUFFLE_PURPOSE = 0x5f0e;

export function createTrainingRows(options: TrainingRowsOptions): TrainingRows {
  const { operations, definition, rows, capacity, batchSize } = options;
  const sample = createSample(definition, rows);
  const isResident = rows <= capacity;
  let resident: DeviceRows | undefined;
  let isSampled = false;

  const look = () => {
    if (options.stop?.requested) throw stoppedBefore('while rows were put in order', 'the next step');
  };

  function upload(window: Window): DeviceRows {
    if (!isSampled) sample.add(window);
    return uploadRows(definition, window, lossWeights(window, options.classWeights));
  }

  async function* residentEpoch(epoch: number, done = 0): AsyncGenerator<Batch, void, undefined> {
    if (!resident) {
      for await (const window of options.windows()) resident = upload(window);
      isSampled = true;
    }
    yield* shuffledBatches(resident!, epoch, { window: 0, done });
  }

  async function* streamedEpoch(epoch: number, done = 0): AsyncGenerator<Batch, void, undefined> {
    let index = 0;
    let left = done;
    for await (const window of options.windows()) {
      const batches = Math.ceil(window.rows / batchSize);
      if (left < batches) yield* shuffledBatches(upload(window), epoch, { window: index, done: left });
      else if (!isSampled) sample.add(window);
      left = Math.max(0, left - batches);
      index += 1;
    }
    isSampled = true;
  }

  /** Frees what it is given, unless that stays. */
  function* shuffledBatches(
    from: DeviceRows,
    epoch: number,
    { window, done }: { readonly window: number; readonly done: number },
  ): Generator<Batch, void, undefined> {
    const random = createRandom(streamSeed(options.seed, epoch, window), SHUFFLE_PURPOSE);
    let shuffled: DeviceRows;
    try {
      // The gather reads the upload immediately, so the window's arrays can be reused after it.
      shuffled = reorderRows(operations, from, permutation(random, from.rows, look));
    } finally {
      if (from !== resident) disposeRows(from);
    }
    try {
      for (let first = done * batchSize; first < shuffled.rows; first += batchSize) {
        const batch = sliceRows(operations, shuffled, first, Math.min(batchSize, shuffled.rows - first));
        try {
          yield batch;
        } finally {
          disposeRows(batch);
        }
      }
    } finally {
      disposeRows(shuffled);
    }
  }

  return {
    rows,
    batchesPerEpoch: Math.ceil(rows / batchSize),
    batches: isResident ? residentEpoch : streamedEpoch,
    sample: () => sample.window(),
    dispose() {
      if (resident) disposeRows(resident);
      resident = undefined;
    },
  };
}

// --- internal ---

/** [rows] weights of rows times those of their classes. */
function lossWeights(
  { rows, labels, weights }: Window,
  classWeights: Float64Array | undefined,
): Float32Array | undefined {
  if (!classWeights) return weights;
  return Float32Array.from({ length: rows }, (_, row) => (weights ? weights[row]! : 1) * classWeights[labels[row]!]!);
}
