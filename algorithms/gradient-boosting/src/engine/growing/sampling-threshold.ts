/**
 * The threshold of gradient-based sampling, found like a quantile: counts and sums of the rows' sizes by their leading bits,
 * then by further bits within the part that holds the threshold. The sizes of a part have one exponent, so that their sum is
 * exact: neither the order of the rows nor their division among hosts matters.
 */
import type { Communicator } from '@algo/contract';

/** Bits of a size, the sign left out, that each pass looks at. */
const PASSES = [
  { shift: 20, parts: 2048 },
  { shift: 10, parts: 1024 },
  { shift: 0, parts: 1024 },
] as const;

/**
 * Threshold u for which Σ min(1, size ÷ u) over the rows of all hosts is the wanted number.
 * @param sizes [rows of this host] ≥ 0
 * @param rows of all hosts
 * @returns Infinity when none is wanted or all sizes are 0
 */
export function thresholdOf(sizes: Float32Array, wanted: number, rows: number, hosts: Communicator): number {
  if (wanted === 0) return Number.POSITIVE_INFINITY;
  const bits = new Uint32Array(sizes.buffer, sizes.byteOffset, sizes.length);
  /** Rows below the part at hand, and the sum of their sizes. */
  const below = { rows: 0, sum: 0 };
  let begin = 0;
  for (const { shift, parts } of PASSES) {
    const found = partsOf({ bits, sizes }, begin, shift, parts);
    hosts.sum(found);
    if (begin === 0 && shift === PASSES[0].shift) {
      const total = sumOf(found);
      if (rows - zerosOf(bits, hosts) < wanted) return total > 0 ? total / wanted : Number.POSITIVE_INFINITY;
    }
    let [count, sum] = [below.rows, below.sum];
    let chosen = 0;
    for (let part = 1; part < parts; part++) {
      count += found[2 * part - 2]!;
      sum += found[2 * part - 1]!;
      const bound = sizeOf(begin + part * 2 ** shift);
      if (rows - count + sum / bound < wanted) break;
      chosen = part;
      below.rows = count;
      below.sum = sum;
    }
    begin += chosen * 2 ** shift;
    if (shift > 0) continue;
    below.rows += found[2 * chosen]!;
    below.sum += found[2 * chosen + 1]!;
  }
  return below.sum / (wanted - (rows - below.rows));
}

// --- internal ---

/** [parts × 2] (rows, sum of their sizes) of the rows from `begin` on, 2^shift patterns of bits a part. */
function partsOf(
  { bits, sizes }: { readonly bits: Uint32Array; readonly sizes: Float32Array },
  begin: number,
  shift: number,
  parts: number,
): Float64Array {
  const found = new Float64Array(2 * parts);
  for (let row = 0; row < bits.length; row++) {
    const part = (bits[row]! - begin) >> shift;
    if (part < 0 || part >= parts) continue;
    found[2 * part]! += 1;
    found[2 * part + 1]! += sizes[row]!;
  }
  return found;
}

function sumOf(parts: Float64Array): number {
  let sum = 0;
  for (let index = 1; index < parts.length; index += 2) sum += parts[index]!;
  return sum;
}

function zerosOf(bits: Uint32Array, hosts: Communicator): number {
  const zeros = Float64Array.of(0);
  for (const pattern of bits) if (pattern === 0) zeros[0]! += 1;
  hosts.sum(zeros);
  return zeros[0]!;
}

/** The float32 of these bits. */
function sizeOf(bits: number): number {
  return new Float32Array(Uint32Array.of(bits).buffer)[0]!;
}
