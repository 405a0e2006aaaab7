/**
 * The sums of the rows of all hosts. Each is a whole number on a decimal grid; hosts agree on the finest grid of each, and reduce its
 * digits in limbs of 32 bits, as doubles, which hold the sums of 2^21 hosts exactly. So the result is that of one host with all
 * rows, to the last digit.
 */
import type { Communicator } from '@algo/contract';
import { bitLength } from '@algo/numerics';
import { canonical, type Decimal, powerOfTen } from '../exact/decimal.js';
import { type Look, lookAway } from '../interruption.js';
import type { ExactSums } from './exact-sums.js';

/** @param own in canonical form, of the same columns on all hosts; all zero on a host without rows */
export function sumOverHosts(own: ExactSums, hosts: Communicator, look: Look = lookAway): ExactSums {
  if (hosts.size === 1) return own;
  const rows = Float64Array.of(own.rows);
  hosts.sum(rows);
  const sums: Decimal[] = [];
  for (let first = 0; first < own.sums.length; first += SLICE) {
    look(SLICE);
    for (const sum of sumSlice(own.sums.slice(first, first + SLICE), hosts)) sums.push(sum);
  }
  return { ...own, rows: rows[0]!, sums };
}

// --- internal ---

/** Sums that are reduced together: their limbs are some hundred kilobytes, and more only for numbers of very many digits. */
const SLICE = 4096;
const LIMB_BITS = 32;
/** Places of a sum that is 0: less than any other has. */
const NO_PLACES = -(2 ** 31);

function sumSlice(own: readonly Decimal[], hosts: Communicator): Decimal[] {
  const places = Int32Array.from(own, ({ digits, places }) => (digits === 0n ? NO_PLACES : places));
  hosts.max(places);
  const digits = own.map((sum, i) => (sum.digits === 0n ? 0n : sum.digits * powerOfTen(places[i]! - sum.places)));
  const longest = Int32Array.of(digits.reduce((most, value) => Math.max(most, bitLength(value)), 1));
  hosts.max(longest);
  const count = Math.ceil(longest[0]! / LIMB_BITS);
  const limbs = new Float64Array(own.length * count);
  for (const [i, value] of digits.entries()) writeLimbs(value, limbs.subarray(i * count, (i + 1) * count));
  hosts.sum(limbs);
  return own.map((_, i) =>
    canonical({ digits: readLimbs(limbs.subarray(i * count, (i + 1) * count)), places: places[i]! }),
  );
}

/** Magnitude in limbs, the lowest first, each with the sign of the value. */
function writeLimbs(value: bigint, limbs: Float64Array): void {
  const sign = value < 0n ? -1 : 1;
  let rest = value < 0n ? -value : value;
  for (let i = 0; rest > 0n; i++, rest >>= BigInt(LIMB_BITS)) {
    limbs[i] = sign * Number(BigInt.asUintN(LIMB_BITS, rest));
  }
}

/** The limbs may be longer than their bits, and of different signs. */
function readLimbs(limbs: Float64Array): bigint {
  return limbs.reduceRight((value, limb) => (value << BigInt(LIMB_BITS)) + BigInt(limb), 0n);
}
