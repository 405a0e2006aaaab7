/**
 * Training rows as shuffled batches on the device, epoch after epoch. Rows of one window stay there and are shuffled as a
 * whole; otherwise they are read again in each epoch and shuffled window by window, so a dataset may be larger than
 * memory. The order depends on seed, epoch and window alone: a job that resumes from a checkpoint sees the same
 * batches, and so do several hosts, each of which has a part of every window.
 */
import { oneHost, type RowNumbers, type StopSignal, stoppedBefore } from '@algo/contract';
import { createRandom, permutation, streamSeed } from '@algo/numerics';
import type { NetworkDefinition } from '../network/definition.js';
import type { Operations } from '../operations/operations.js';
import type { Batch } from '../training/trainer.js';
import { type DeviceRows, disposeRows, reorderRows, sliceRows, uploadRows, weightOf } from './device-rows.js';
import { emptyWindow, type Window } from './row-chunks.js';
import { createSample } from './sample.js';
import { type OwnRows, ownRows, type RowHosts, shareWindows, sumOf } from './shared-windows.js';

export interface TrainingRowsOptions {
  readonly operations: Operations;
  readonly definition: NetworkDefinition;
  /** Of all hosts. */
  readonly rows: number;
  /** Default: one, which has all rows. */
  readonly hosts?: RowHosts | undefined;
  /** Maximum number of rows of a window, of all hosts together: if it is at least `rows`, `windows` is called once. */
  readonly capacity: number;
  readonly batchSize: number;
  readonly seed: number;
  /** [classes] */
  readonly classWeights: Float64Array | undefined;
  /** Looked at while rows are put in order; several hosts agree on a stop at other places. */
  readonly stop?: Pick<StopSignal, 'requested'> | undefined;
  /**
   * One pass over this host's rows, in windows as `shareWindows` has them; it has no window where the host has no rows.
   * @throws ClientError when it finds other rows than before; E_STOPPED
   */
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
  /** Every n-th of all rows, as far as this host has them, with n so that they are few: there once the first of `batches` has come to its end. */
  sample(): Window;
  dispose(): void;
}

/** Draws of the shuffle, apart from those of weights and dropout. */
const SHUFFLE_PURPOSE = 0x5f0e;

export function createTrainingRows(options: TrainingRowsOptions): TrainingRows {
  const { operations, definition, rows, capacity, batchSize } = options;
  const { communicator, rows: rowsOfHosts, numbers } = options.hosts ?? hostWith(rows);
  const { rank, size } = communicator;
  const shares = shareWindows(rowsOfHosts, capacity);
  const sample = createSample(definition, numbers);
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
      for await (const window of ownWindows()) resident = upload(window);
      isSampled = true;
    }
    yield* shuffledBatches(resident!, epoch, { window: 0, done });
  }

  async function* streamedEpoch(epoch: number, done = 0): AsyncGenerator<Batch, void, undefined> {
    let index = 0;
    let left = done;
    for await (const window of ownWindows()) {
      const batches = Math.ceil(sumOf(shares[index]!) / batchSize);
      if (left < batches) yield* shuffledBatches(upload(window), epoch, { window: index, done: left });
      else if (!isSampled) sample.add(window);
      left = Math.max(0, left - batches);
      index += 1;
    }
    isSampled = true;
  }

  /** This host's part of every window. */
  async function* ownWindows(): AsyncGenerator<Window, void, undefined> {
    const windows = options.windows()[Symbol.asyncIterator]();
    try {
      for (const share of shares) {
        if (share[rank] === 0) yield emptyWindow(definition);
        else yield (await windows.next()).value!;
      }
      // To its end, where the rows are counted: a pass that has more of them than before fails there.
      while (!(await windows.next()).done);
    } finally {
      await windows.return?.();
    }
  }

  /** Frees what it is given, unless that stays. */
  function* shuffledBatches(
    from: DeviceRows,
    epoch: number,
    { window, done }: { readonly window: number; readonly done: number },
  ): Generator<Batch, void, undefined> {
    const random = createRandom(streamSeed(options.seed, epoch, window), SHUFFLE_PURPOSE);
    const share = shares[window]!;
    let own: OwnRows;
    let shuffled: DeviceRows;
    try {
      own = ownRows(permutation(random, sumOf(share), look), numbersIn(window), share[rank]!, batchSize);
      // The gather reads the upload immediately, so the window's arrays can be reused after it.
      shuffled = reorderRows(operations, from, own.order);
    } finally {
      if (from !== resident) disposeRows(from);
    }
    try {
      const weights = size > 1 ? weightsOfAll(shuffled, own) : undefined;
      for (let index = done; index + 1 < own.starts.length; index++) {
        const [first, end] = [own.starts[index]!, own.starts[index + 1]!];
        const batch = sliceRows(operations, shuffled, first, end - first);
        try {
          yield weights
            ? { ...batch, weightSum: weights[index]!, rowNumbers: own.rowNumbers?.subarray(first, end) }
            : batch;
        } finally {
          disposeRows(batch);
        }
      }
    } finally {
      disposeRows(shuffled);
    }
  }

  /** Where this host's rows are in a window: one of several has them host after host. */
  function numbersIn(window: number): RowNumbers {
    const share = shares[window]!;
    return isResident ? numbers : inOneRun(sumOf(share.slice(0, rank)), sumOf(share));
  }

  /** [batches] sums of the weights of all hosts' rows. */
  function weightsOfAll(shuffled: DeviceRows, { starts }: OwnRows): Float64Array {
    const sums = Float64Array.from({ length: starts.length - 1 }, (_, batch) =>
      weightOf(shuffled, starts[batch]!, starts[batch + 1]! - starts[batch]!),
    );
    communicator.sum(sums);
    return sums;
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

/** One that has all rows. */
function hostWith(rows: number): RowHosts {
  return { communicator: oneHost(), rows: [rows], numbers: inOneRun(0, rows) };
}

function inOneRun(first: number, total: number): RowNumbers {
  return { total, first, run: Number.POSITIVE_INFINITY, skip: 0 };
}

/** [rows] weights of rows times those of their classes. */
function lossWeights(
  { rows, labels, weights }: Window,
  classWeights: Float64Array | undefined,
): Float32Array | undefined {
  if (!classWeights) return weights;
  return Float32Array.from({ length: rows }, (_, row) => (weights ? weights[row]! : 1) * classWeights[labels[row]!]!);
}
