import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { powerOfTen, readDecimal } from '../../src/exact/decimal.js';
import { align, CHUNK_ROWS, createGramKernel, STRIDE } from '../../src/sums/gram-kernel.js';

const LIMBS = 12;

/** The kernel's integers for `values` on a grid of `places` decimals, and the rows that it leaves to the slow way. */
function takeWide(values: readonly number[], places: number) {
  const kernel = createGramKernel();
  kernel.memory.grow(2);
  const target = align(kernel.heapStart + STRIDE);
  const failures = target + LIMBS * STRIDE;
  new Float64Array(kernel.memory.buffer, kernel.heapStart, values.length).set(values);
  const count = kernel.takeWide(kernel.heapStart, LIMBS, places, kernel.powerTable(), target, failures, values.length);
  const failed = new Set(new Int32Array(kernel.memory.buffer, failures, count));
  const integers = values.map((_, row) => {
    let sum = 0n;
    for (let limb = 0; limb < LIMBS; limb++) {
      const [part] = new Float64Array(kernel.memory.buffer, target + limb * STRIDE + row * 8, 1);
      sum += BigInt(part!) << BigInt(25 * limb);
    }
    return sum;
  });
  return { integers, failed };
}

describe('the decimal digits that the kernel reads', () => {
  const random = createRandom(17).uniform;
  const bits = new DataView(new ArrayBuffer(8));
  const anyDouble = (low: number, high: number) => {
    bits.setUint32(0, Math.floor((random() < 0.5 ? 0 : 0x80000000) + (1023 + low + random() * (high - low)) * 2 ** 20));
    bits.setUint32(4, random() * 2 ** 32);
    return bits.getFloat64(0);
  };
  const kinds: Record<string, { readonly make: () => number; readonly places: number; readonly slow: number }> = {
    'doubles around 1': { make: () => anyDouble(-20, 10), places: 30, slow: 0 },
    'doubles from 1e-24 to 1e24': { make: () => anyDouble(-80, 80), places: 42, slow: 0.01 },
    'float32 numbers': { make: () => Math.fround(anyDouble(-20, 10)), places: 30, slow: 0.01 },
    'float32 numbers with few bits': {
      make: () => Math.round(random() * 4096) / 2 ** Math.floor(random() * 30),
      places: 40,
      slow: 0.01,
    },
    'decimals of 16 digits': { make: () => Number(`0.${Math.floor(1e15 + random() * 9e15)}`), places: 24, slow: 0 },
    'neighbours of powers of ten': {
      make: () => 10 ** Math.floor(random() * 20 - 10) * (1 + Math.floor(random() * 9 - 4) * 2 ** -53),
      places: 30,
      slow: 0.5,
    },
    'powers of two and their neighbours': {
      make: () => 2 ** Math.floor(random() * 80 - 40) * (1 + Math.floor(random() * 5 - 2) * 2 ** -53),
      places: 45,
      slow: 0.5,
    },
  };

  it.each(Object.entries(kinds))('are those that %s prints', (_, { make, places, slow }) => {
    let failures = 0;
    for (let chunk = 0; chunk < 40; chunk++) {
      const values = Array.from({ length: CHUNK_ROWS }, make);
      const { integers, failed } = takeWide(values, places);
      values.forEach((value, row) => {
        const decimal = readDecimal(value);
        expect(integers[row], String(value)).toBe(
          failed.has(row) ? 0n : decimal.digits * powerOfTen(places - decimal.places),
        );
      });
      failures += failed.size;
    }

    // What is too close to call goes the slow way: rare for anything but numbers made to be hard.
    expect(failures / (40 * CHUNK_ROWS)).toBeLessThanOrEqual(slow);
  });
});
