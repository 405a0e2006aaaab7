/**
 * The 128-bit powers of five of the Eisel-Lemire algorithm, made from exact integers when a number first needs them:
 * usually none does, and a start-up that computes nothing is faster than one that decodes a table. Source: Lemire,
 * "Number parsing at a gigabyte per second", 2021, section 5.
 */
import { bitLength } from '@algo/numerics';

const SMALLEST_POWER = -342;
const LARGEST_POWER = 308;
/** Below it the reciprocal of the power is not exact in 128 bits, so that one more bit is computed and cut off. */
const LAST_SHORT_RECIPROCAL = -27;

/** [651 × 2] upper and lower 64 bits of 5^q, q from -342 to 308, shifted so that the top bit is set. */
export function powersOfFive(): BigUint64Array {
  const powers = new BigUint64Array((LARGEST_POWER - SMALLEST_POWER + 1) * 2);
  let power = 1n;
  for (let exponent = 0; exponent <= -SMALLEST_POWER; exponent++) {
    const bits = bitLength(power);
    if (exponent <= LARGEST_POWER)
      put(powers, exponent, bits > 128 ? power >> BigInt(bits - 128) : power << BigInt(128 - bits));
    if (exponent > 0) put(powers, -exponent, reciprocal(power, bits, -exponent));
    power *= 5n;
  }
  return powers;
}

// --- internal ---

/** 2^b / power, rounded up, with b such that the result has 128 bits. */
function reciprocal(power: bigint, bits: number, exponent: number): bigint {
  if (exponent >= LAST_SHORT_RECIPROCAL) return (1n << BigInt(bits + 127)) / power + 1n;
  const long = (1n << BigInt(2 * bits + 128)) / power + 1n;
  return long >> BigInt(bitLength(long) - 128);
}

function put(powers: BigUint64Array, exponent: number, value: bigint): void {
  const index = (exponent - SMALLEST_POWER) * 2;
  powers[index] = value >> 64n;
  powers[index + 1] = BigInt.asUintN(64, value);
}
