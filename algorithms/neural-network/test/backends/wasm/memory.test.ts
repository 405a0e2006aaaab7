import { describe, expect, it } from 'vitest';
import { kernelBytes } from '../../../src/backends/wasm/tensorflow-module.generated.js';
import { loadTensorflowModule, withSharedMemory } from '../../../src/backends/wasm/tensorflow-module.js';
import { place, withPool } from '../../support/wasm-pool.js';

describe("TensorFlow.js's wasm memory", () => {
  it('is shared between threads', async () => {
    const { memory } = await loadTensorflowModule(kernelBytes, () => undefined);

    expect(memory.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('must be declared by the module', () => {
    const withoutMemory = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

    expect(() => withSharedMemory(withoutMemory)).toThrow('must declare a maximum memory size');
  });

  it('allocates intermediate results aligned to cache lines, repeatedly, and grows', () =>
    withPool(1, (_, memory) => {
      const small = memory.scratch(1000);
      const again = memory.scratch(900);
      const large = memory.scratch(1_000_000);

      expect(again).toBe(small);
      for (const address of [small, large, memory.allocate(10)]) expect(address % 64).toBe(0);
    }));

  it('works above 2 GiB like below', () =>
    withPool(2, ({ kernel }, memory) => {
      const [a, b] = [Float32Array.of(1, 2, 3, 4), Float32Array.of(5, 6, 7, 8)];

      memory.allocate(2 ** 31); // never touched, so it takes no room of the machine
      const result = memory.allocate(16);
      kernel.product(place(memory, a), false, place(memory, b), 0, 2, 2, 2, 0, 0, 0, result);

      expect(result).toBeGreaterThan(2 ** 31);
      expect(memory.floats().slice(result >>> 2, (result >>> 2) + 4)).toEqual(Float32Array.of(19, 22, 43, 50));
    }));

  it('allocating past 4 GiB throws and names the remedy', () =>
    withPool(1, (_, memory) => {
      const message =
        /needs 5\.00 GiB more memory; it has 0\.02 GiB and is limited to 4\.00 GiB .* Use a smaller batch_size/;

      expect(() => memory.allocate(5 * 2 ** 30)).toThrow(message);
      expect(() => memory.allocate(2 ** 32 - 2 ** 20)).toThrow(/4\.00 GiB more/);
    }));
});
