/**
 * Exact decimal numbers. A double is read as the number it prints as: the shortest decimal that reads back as it. That
 * is the number in the file if it had at most 15 digits. Sums and products of such numbers are again decimals with
 * finitely many digits, so a sum over any number of rows needs no rounding at all.
 */
import { bitLength } from '@algo/numerics';

/** digits · 10^-places; places may be negative. */
export interface Decimal {
  readonly digits: bigint;
  readonly places: number;
}

export const ZERO: Decimal = { digits: 0n, places: 0 };

/**
 * The decimal that `value` prints as (ECMAScript Number::toString; Python's repr gives the same digits), no trailing zeros.
 * @param value finite
 */
export function readDecimal(value: number): Decimal {
  if (value === 0) return ZERO;
  if (!Number.isFinite(value)) throw new RangeError(`readDecimal: the value must be finite; received ${value}.`);
  const text = value.toExponential();
  const split = text.indexOf('e');
  const mantissa = text.slice(0, split);
  const point = mantissa.indexOf('.');
  const fraction = point < 0 ? '' : mantissa.slice(point + 1);
  const whole = point < 0 ? mantissa : mantissa.slice(0, point);
  return { digits: BigInt(whole + fraction), places: fraction.length - Number(text.slice(split + 1)) };
}

export function add(a: Decimal, b: Decimal): Decimal {
  if (a.digits === 0n) return b;
  if (b.digits === 0n) return a;
  if (a.places === b.places) return { digits: a.digits + b.digits, places: a.places };
  return a.places > b.places
    ? { digits: a.digits + b.digits * powerOfTen(a.places - b.places), places: a.places }
    : { digits: a.digits * powerOfTen(b.places - a.places) + b.digits, places: b.places };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, places: a.places + b.places };
}

export function negate(a: Decimal): Decimal {
  return { digits: -a.digits, places: a.places };
}

/** The same number without trailing zeros: equal numbers become equal objects. */
export function canonical(a: Decimal): Decimal {
  if (a.digits === 0n) return ZERO;
  let { digits, places } = a;
  for (let step = 64; step >= 1; step >>= 1) {
    const factor = powerOfTen(step);
    while (digits % factor === 0n) {
      digits /= factor;
      places -= step;
    }
  }
  return { digits, places };
}

/** 10^exponent, exponent >= 0. */
export function powerOfTen(exponent: number): bigint {
  if (exponent >= powers.length) {
    if (exponent > 4096) return 10n ** BigInt(exponent);
    for (let i = powers.length; i <= exponent; i++) powers.push(powers[i - 1]! * 10n);
  }
  return powers[exponent]!;
}

/** Correctly rounded numerator / denominator · 2^exponent (denominator > 0), to nearest, ties to even; subnormal results aside. */
export function ratioToNumber(numerator: bigint, denominator: bigint, exponent = 0): number {
  if (numerator === 0n) return 0;
  const size = numerator < 0n ? -numerator : numerator;
  // 66 bits and more of quotient, with a sticky last bit, then one rounding by Number().
  const shift = bitLength(denominator) - bitLength(size) + 66;
  const top = shift > 0 ? size << BigInt(shift) : size;
  const bottom = shift < 0 ? denominator << BigInt(-shift) : denominator;
  let quotient = top / bottom;
  if (quotient * bottom !== top) quotient |= 1n;
  const scaled = scaleByPowerOfTwo(Number(quotient), exponent - shift);
  return numerator < 0n ? -scaled : scaled;
}

/** Correctly rounded a / b; b > 0. */
export function ratioOf(a: Decimal, b: Decimal): number {
  const places = a.places - b.places;
  return places > 0
    ? ratioToNumber(a.digits, b.digits * powerOfTen(places))
    : ratioToNumber(a.digits * powerOfTen(-places), b.digits);
}

/** mantissa · 2^exponent = value, exactly; value is finite and normal. */
export function readBinary(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  bits.setFloat64(0, value);
  const word = bits.getBigUint64(0);
  const exponent = Number((word >> 52n) & 0x7ffn);
  if (exponent === 0) return { mantissa: 0n, exponent: 0 };
  const mantissa = (word & 0xfffffffffffffn) | 0x10000000000000n;
  return { mantissa: value < 0 ? -mantissa : mantissa, exponent: exponent - 1075 };
}

// --- internal ---

const bits = new DataView(new ArrayBuffer(8));

const powers: bigint[] = [1n];

/** value · 2^exponent in steps that neither overflow nor underflow before the result does. */
function scaleByPowerOfTwo(value: number, exponent: number): number {
  let result = value;
  let rest = exponent;
  while (rest !== 0) {
    const step = Math.max(-1000, Math.min(1000, rest));
    result *= 2 ** step;
    rest -= step;
  }
  return result;
}
