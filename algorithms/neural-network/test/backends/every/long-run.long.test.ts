import { expect, it } from 'vitest';
import type { BackendName } from '../../../src/backends/backend.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { BATCHES, runStreamedJob } from '../../support/streamed-job.js';
import { nativeGrowth, usage } from '../../support/usage.js';

/**
 * The first ones warm up; then come 80 × 125 = 10,000 steps. cpu does a quarter and a software GPU 125: they are slow. With
 * TensorFlow, V8 makes room for young objects until about 100 epochs, 45 MB once, and then no more.
 */
const EPOCHS: Readonly<Record<BackendName, number>> = { tensorflow: 180, webgpu: 2, wasm: 100, cpu: 25 };
const WARM_UP: Readonly<Record<BackendName, number>> = { tensorflow: 100, webgpu: 1, wasm: 20, cpu: 5 };

/** 10,000 leaked objects would be as much; the history of the epochs is a tenth of it. */
const HEAP_GROWTH_BYTES = 2 ** 20;

/**
 * A leaked batch of 1.2 kB per step would be 12 MB. Seen: up to 2 MB. Software Vulkan compiles shaders as it goes; cpu has
 * nothing outside of V8, whose own memory comes and goes: there the heap limit reveals leaks.
 */
const NATIVE_GROWTH_BYTES: Readonly<Record<BackendName, number>> = {
  ...{ tensorflow: 10 * 2 ** 20, webgpu: 64 * 2 ** 20, wasm: 10 * 2 ** 20, cpu: 64 * 2 ** 20 },
};

/** The pool of free buffers on a GPU is still filling after this few steps; a leaked batch per step would be 150 kB. */
const DEVICE_GROWTH_BYTES: Readonly<Record<BackendName, number>> = { tensorflow: 0, webgpu: 2 ** 16, wasm: 0, cpu: 0 };

describeOnEveryBackend('a long job', (name, backend) => {
  const epochs = EPOCHS[name];
  const warmUp = WARM_UP[name];
  const steps = (epochs - warmUp) * BATCHES;

  it(`memory use is unchanged after ${steps} more steps on rows that are streamed, measured and saved`, async () => {
    await runStreamedJob(backend(), 1); // what is uploaded once a backend stays from here on
    const start = usage(backend());

    const { history, looks } = await runStreamedJob(backend(), epochs, [warmUp, epochs]);

    const end = usage(backend());
    const [before, after] = [looks[0]!, looks[1]!];
    expect(history).toHaveLength(epochs);
    expect(history.at(-1)?.['validation:loss']).toBeLessThan(history[0]!['validation:loss']!);
    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
    expect((after.device ?? 0) - (before.device ?? 0)).toBeLessThanOrEqual(DEVICE_GROWTH_BYTES[name]);
    expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH_BYTES);
    expect(nativeGrowth(before, after)).toBeLessThan(NATIVE_GROWTH_BYTES[name]);
    expect(end.tensors).toBe(start.tensors);
    expect(end.bytes).toBe(start.bytes);
  });
});
