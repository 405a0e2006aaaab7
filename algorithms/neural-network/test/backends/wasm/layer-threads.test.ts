import { setImmediate } from 'node:timers/promises';
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../../src/backends/wasm/kernel-exports.js';
import { createMemory, type WasmMemory } from '../../../src/backends/wasm/memory.js';
import { createPool } from '../../../src/backends/wasm/pool.js';
import { kernelBytes } from '../../../src/backends/wasm/tensorflow-module.generated.js';
import { loadTensorflowModule } from '../../../src/backends/wasm/tensorflow-module.js';
import { integers, normals } from '../../support/numbers.js';

/** Places inputs in the kernels' memory and reads results back. */
function deskOf(kernel: Kernel, memory: WasmMemory) {
  return {
    ...{ kernel, memory },
    room: (count: number): number => memory.allocate(4 * count),
    read: (address: number, count: number) => memory.floats().slice(address >> 2, (address >> 2) + count),
    place(values: Float32Array | Int32Array): number {
      const address = memory.allocate(values.byteLength);
      memory.words().set(new Uint32Array(values.buffer, values.byteOffset, values.length), address >> 2);
      return address;
    },
  };
}

type Run = (desk: ReturnType<typeof deskOf>) => Float32Array[];

/** What a run gives with all helpers up. */
async function withThreads(threads: number, run: Run): Promise<Float32Array[]> {
  const tensorflow = await loadTensorflowModule(kernelBytes, () => undefined);
  const memory = createMemory(new BackendWasm(tensorflow.module), tensorflow);
  const pool = createPool(memory, threads);
  try {
    while (pool.kernel.threadCount() < threads) await setImmediate();
    return run(deskOf(pool.kernel, memory));
  } finally {
    pool.close();
  }
}

/** Each over sizes that threads share, and a few times, so that tasks fall to threads in different ways. */
const RUNS: Record<string, Run> = {
  convolutions(desk) {
    const [images, side, channels, filters] = [33, 9, 10, 20];
    const plan = (isBack: boolean) =>
      desk.memory.scratch(
        desk.kernel.planConvolution(
          ...([images, side, side, channels, side, side, filters, 3, 3, 1, 1, 1, 1] as const),
          desk.kernel.threadCount(),
          isBack,
        ),
      );
    const [pixels, weights] = [images * side * side, 9 * channels * filters];
    const [x, w, b] = [normals(pixels * channels, 1), normals(weights, 2), normals(filters, 3)].map((values) =>
      desk.place(values),
    ) as [number, number, number];
    const g = desk.place(normals(pixels * filters, 4));
    const [y, dx, dw, db] = [pixels * filters, pixels * channels, weights, filters].map((count) =>
      desk.room(count),
    ) as [number, number, number, number];
    for (let repeat = 0; repeat < 20; repeat++) {
      desk.kernel.convolve(x, w, b, 2, Infinity, y, y, plan(false));
      desk.kernel.convolveBack(x, w, y, 0, g, 2, dx, dw, db, plan(true));
    }
    return [
      desk.read(y, pixels * filters),
      desk.read(dx, pixels * channels),
      desk.read(dw, weights),
      desk.read(db, filters),
    ];
  },

  losses(desk) {
    const [rows, columns] = [9000, 5];
    const outputs = desk.place(normals(rows * columns, 1, 3));
    const labels = desk.place(integers(rows, columns, 2));
    const weights = desk.place(normals(rows, 3).map(Math.abs));
    const [gradient, slots] = [desk.room(rows * columns), desk.room(128)];
    const results = Array.from({ length: 20 }, () => {
      const result = desk.room(1);
      desk.kernel.loss(2, outputs, labels, weights, gradient, result, slots, rows, columns, 0.5);
      return desk.read(result, 1)[0]!;
    });
    return [Float32Array.from(results), desk.read(gradient, rows * columns)];
  },

  'batch normalization'(desk) {
    const [rows, channels] = [6001, 12];
    const [x, g] = [desk.place(normals(rows * channels, 1)), desk.place(normals(rows * channels, 2))];
    const [gamma, beta, mean, variance] = [3, 4, 5, 6].map((seed) => desk.place(normals(channels, seed))) as [
      number,
      number,
      number,
      number,
    ];
    const [newMean, newVariance, batchMean, inverse, dgamma, dbeta] = Array.from({ length: 6 }, () =>
      desk.room(channels),
    ) as [number, number, number, number, number, number];
    const [y, dx] = [desk.room(rows * channels), desk.room(rows * channels)];
    const [partials, factors] = [desk.room(256 * channels), desk.room(3 * channels)];
    for (let repeat = 0; repeat < 20; repeat++) {
      desk.kernel.normalizeBatch(
        ...([x, y, gamma, beta, mean, variance, newMean, newVariance, batchMean, inverse, partials, factors] as const),
        ...([rows, channels, 1e-3, 0.9] as const),
      );
      desk.kernel.normalizationSums(x, g, batchMean, inverse, dgamma, dbeta, partials, rows, channels);
      desk.kernel.normalizationGradient(
        ...([x, g, gamma, batchMean, inverse, dgamma, dbeta, dx, factors, rows, channels, rows] as const),
      );
    }
    const small = [newMean, newVariance, dgamma, dbeta].map((address) => desk.read(address, channels));
    return [...small, desk.read(y, rows * channels), desk.read(dx, rows * channels)];
  },
};

describe('threads of the wasm backend', () => {
  it.each(Object.keys(RUNS))('do not change a single bit of %s', async (name) => {
    const run = RUNS[name]!;
    const alone = await withThreads(1, run);

    for (const threads of [2, 3, 4]) expect(await withThreads(threads, run)).toEqual(alone);
  });
});
