/**
 * The WebAssembly kernel of the exact sums with its memory: its layout, and the calls with TypeScript types.
 */
import { createKernelLoader, type WebAssemblyMemory, webAssembly } from '@algo/numerics';
import { powerOfTen, ratioToNumber, readBinary } from '../exact/decimal.js';
import { kernelBytes } from './gram-kernel.generated.js';

/** As in assembly/limbs.ts and assembly/gram.ts. */
export const CHUNK_ROWS = 256;
export const STRIDE = 2112;
export const TILE = 3;
export const TILE_BYTES = 144;
const POWER_RANGE = 290;

/** All pointers are byte addresses in `memory`. */
export interface GramKernel {
  readonly memory: WebAssemblyMemory;
  /** 10^0 of the table that `takeWide` needs; the table is made at the first call. */
  powerTable(): number;
  /** First free byte after the kernel's own data and the table. */
  readonly heapStart: number;
  transpose(source: number, columns: number, rows: number, target: number): void;
  takeNarrow(values: number, limbs: number, power: number, target: number, rows: number): number;
  takeWide(
    values: number,
    limbs: number,
    places: number,
    powers: number,
    target: number,
    failures: number,
    rows: number,
  ): number;
  multiply(a: number, aLimbs: number, b: number, bLimbs: number, target: number, limbs: number, rows: number): void;
  accumulate(
    left: number,
    leftTiles: number,
    leftBounds: number,
    right: number,
    rightTiles: number,
    rightBounds: number,
    firstRight: number,
    sums: number,
    rows: number,
  ): void;
}

type Exports = Pick<GramKernel, 'transpose' | 'takeNarrow' | 'takeWide' | 'multiply' | 'accumulate'>;

/** The kernel keeps a few words of its own at the start of its memory. */
const tableStart = 1024;

export function createGramKernel(): GramKernel {
  const memory = new webAssembly.Memory({ initial: 1, maximum: 65_536 });
  const exports = kernel.instantiate({ env: { memory, abort: () => {} } });
  let hasTable = false;
  return {
    ...exports,
    memory,
    heapStart: align(tableStart + (2 * POWER_RANGE + 1) * 16),
    powerTable() {
      if (!hasTable) writePowerTable(new Float64Array(memory.buffer, tableStart, (2 * POWER_RANGE + 1) * 2));
      hasTable = true;
      return tableStart + POWER_RANGE * 16;
    },
  };
}

export function align(address: number): number {
  return (address + 63) & ~63;
}

// --- internal ---

const kernel = createKernelLoader<Exports>(kernelBytes);

/** 10^k as high + low, high being the nearest double: the first 106 bits. */
function writePowerTable(table: Float64Array): void {
  for (let k = -POWER_RANGE; k <= POWER_RANGE; k++) {
    const numerator = k >= 0 ? powerOfTen(k) : 1n;
    const denominator = k >= 0 ? 1n : powerOfTen(-k);
    const high = ratioToNumber(numerator, denominator);
    const { mantissa, exponent } = readBinary(high);
    const low =
      exponent >= 0
        ? ratioToNumber(numerator - (mantissa << BigInt(exponent)) * denominator, denominator)
        : ratioToNumber((numerator << BigInt(-exponent)) - mantissa * denominator, denominator, exponent);
    table.set([high, low], (k + POWER_RANGE) * 2);
  }
}
