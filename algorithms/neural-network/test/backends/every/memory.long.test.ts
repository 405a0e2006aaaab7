import { expect, it } from 'vitest';
import type { BackendName } from '../../../src/backends/backend.js';
import { describeOnEveryBackend } from '../../support/every-backend.js';
import { measureSteps } from '../../support/small-training.js';
import { nativeGrowth } from '../../support/usage.js';

/** A software GPU does 100 steps in the time that a processor does 10,000. */
const STEPS: Readonly<Record<BackendName, number>> = { tensorflow: 10_000, webgpu: 1000, wasm: 10_000, cpu: 10_000 };

/** A leaked kernel of 32 × 16 float32 a step would be 20 MB in 10,000 steps. Software Vulkan compiles shaders as it goes. */
const NATIVE_GROWTH_BYTES: Readonly<Record<BackendName, number>> = {
  ...{ tensorflow: 12 * 2 ** 20, webgpu: 64 * 2 ** 20, wasm: 12 * 2 ** 20, cpu: 12 * 2 ** 20 },
};

/** A leaked object per step would be 1 MB. */
const HEAP_GROWTH_BYTES = 2 ** 20;

describeOnEveryBackend('memory', (name, backend) => {
  it(`memory does not grow over ${STEPS[name]} training steps, on the device, in TensorFlow.js, or in the process`, async () => {
    const [before, after] = await measureSteps(backend(), STEPS[name]);

    expect(after.tensors).toBe(before.tensors);
    expect(after.bytes).toBe(before.bytes);
    expect(after.device).toBe(before.device);
    expect(after.heap - before.heap).toBeLessThan(HEAP_GROWTH_BYTES);
    expect(nativeGrowth(before, after)).toBeLessThan(NATIVE_GROWTH_BYTES[name]);
  });
});
