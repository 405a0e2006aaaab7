import { describe, expect, it } from 'vitest';
import { kernelBytes as ownBytes } from '../../../src/backends/wasm/kernel.generated.js';
import { compileKernel, compileKernelPlainly } from '../../../src/backends/wasm/kernel.js';
import type { Kernel } from '../../../src/backends/wasm/kernel-exports.js';
import type { WasmMemory } from '../../../src/backends/wasm/memory.js';
import type { Pool } from '../../../src/backends/wasm/pool.js';
import { computesExactly } from '../../../src/backends/wasm/self-test.js';
import { startWasm } from '../../../src/backends/wasm/start.js';
import { kernelBytes } from '../../../src/backends/wasm/tensorflow-module.generated.js';
import { normals } from '../../support/numbers.js';
import { place, withPool } from '../../support/wasm-pool.js';

/** WebAssembly core specification 5.5.2. */
const DATA_SECTION = 11;

/** Numbers of a module's sections. */
function sectionsOf(module: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 8; at < module.length; ) {
    found.push(module[at++]!);
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = module[at++]!;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += length;
  }
  return found;
}

describe('the compiled kernels', () => {
  it.each([
    ['vectors joined', compileKernel],
    ['128-bit vectors', compileKernelPlainly],
  ])('compute exactly with %s', async (_, compile) => {
    compile();

    await withPool(1, ({ kernel }, memory) => expect(computesExactly(kernel, memory)).toBe(true));
  });

  it('are rejected if a product is wrong', async () => {
    await withPool(1, ({ kernel }, memory) => {
      const product: Kernel['product'] = (...args) => {
        kernel.product(...args);
        memory.floats()[(args[10] >>> 2) + 100]! += 1;
      };

      expect(computesExactly({ ...kernel, product }, memory)).toBe(false);
    });
  });
});

describe('threads of the wasm backend', () => {
  it('do not change a single bit of a product or of gradients', async () => {
    const [rows, inputs, units] = [201, 500, 130];
    const run = ({ kernel }: Pool, memory: WasmMemory): Float32Array[] => {
      const [x, w, g, y] = [rows * inputs, inputs * units, rows * units, rows * units].map((count, seed) =>
        place(memory, normals(count, seed)),
      ) as [number, number, number, number];
      const output = memory.allocate(4 * rows * units);
      const gradients = [rows * inputs, inputs * units, units].map((count) => memory.allocate(4 * count));
      const scratch = memory.allocate(kernel.denseBackScratchBytes(rows, inputs, units));
      const [dx, dw, db] = gradients as [number, number, number];
      for (let repeat = 0; repeat < 50; repeat++) {
        kernel.product(x, false, w, 0, rows, units, inputs, 0, 2, 0, output);
        kernel.denseBack(x, w, y, 0, g, 1, rows, inputs, units, dx, dw, db, scratch);
      }
      const read = (address: number, count: number) => memory.floats().slice(address >> 2, (address >> 2) + count);
      return [read(output, rows * units), read(dx, rows * inputs), read(dw, inputs * units), read(db, units)];
    };

    const alone = await withPool(1, run);

    for (const threads of [2, 3, 4]) expect(await withPool(threads, run)).toEqual(alone);
  });

  it('that fail in a phase end every later one with an error that has the cause', async () => {
    const size = 512;
    await withPool(2, async ({ kernel }, memory) => {
      const a = place(memory, new Float32Array(size * size));
      const outside = memory.floats().byteLength;
      const multiply = () => kernel.product(a, false, a, 0, size, size, size, 0, 0, 0, outside);
      const failure = () => {
        try {
          return multiply();
        } catch (error) {
          return String(error);
        }
      };

      // Each thread fails at its first tile; the main thread, which does, does not wait for the helper.
      expect(multiply).toThrow('memory access out of bounds');

      const cause = 'RuntimeError: memory access out of bounds';
      await expect.poll(failure).toBe(`ThreadFailure: A helper thread has failed: ${cause}`);
    });
  });

  it('run kernels without static data, which would overlap that of TensorFlow.js', () => {
    expect(sectionsOf(ownBytes)).not.toContain(DATA_SECTION);
    expect(sectionsOf(kernelBytes)).toContain(DATA_SECTION);
  });

  it('are limited to 1 to 256', async () => {
    await expect(startWasm({ threads: 0 })).rejects.toThrow('threads must be an integer in [1, 256]; received 0.');
    await expect(startWasm({ threads: 257 })).rejects.toThrow('threads must be an integer in [1, 256]; received 257.');
  });
});
