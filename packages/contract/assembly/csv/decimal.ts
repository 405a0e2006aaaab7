/**
 * Decimal text to the nearest double, equal to JavaScript's Number(text) to the last bit: Clinger's exact case first,
 * then Eisel-Lemire with 128-bit powers of five, and the host's own Number for what those cannot prove.
 * Sources: Clinger 1990; Lemire, "Number parsing at a gigabyte per second", 2021; Mushtak & Lemire, "Fast number
 * parsing without fallback", 2023 (no further check is needed for mantissas below 2^64).
 */

/** Number(text) of the bytes [start, end), for literals of more than 19 digits next to a rounding boundary. */
@external("host", "resolveNumber")
declare function resolveNumber(start: usize, end: usize): f64;

/** Fills the table at POWERS_OFFSET; asked for once, by the first number that needs it. */
@external("host", "loadPowers")
declare function loadPowers(): void;

/** [651 × 2] u64: for 10^q, q from -342 to 308, the upper and the lower half of the normalised 128-bit power of five. */
export const POWERS_OFFSET: usize = 8192;
const SMALLEST_POWER: i32 = -342;
const LARGEST_POWER: i32 = 308;

/** More digits than these may not fit a u64. */
const MAX_DIGITS: i32 = 19;
/** Far beyond any digit count a line can hold, and three of them still fit an i32. */
const EXPONENT_LIMIT: i32 = 500_000_000;

const EXACT_POWERS: StaticArray<f64> = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

let arePowersLoaded: bool = false;

/** Whether the text last given to `parseDecimal` was a number, NaN or infinity included. */
export let isNumber: bool = false;

/** 10^exponent, exact; exponent in [0, 22]. */
@inline
export function exactPower(exponent: i32): f64 {
  return load<f64>(changetype<usize>(EXACT_POWERS) + (<usize>exponent << 3));
}

/** The double nearest to mantissa × 10^exponent. */
export function scale(mantissa: u64, exponent: i32): f64 {
  if (mantissa <= 1 << 53 && exponent >= -22 && exponent <= 22) {
    const exact = <f64>(<i64>mantissa);
    return exponent < 0 ? exact / exactPower(-exponent) : exact * exactPower(exponent);
  }
  return scaleWide(mantissa, exponent);
}

/** The number that the bytes [start, end) spell, blanks already cut off; sets `isNumber`. */
export function parseDecimal(start: usize, end: usize): f64 {
  let p = start;
  const first = p < end ? load<u8>(p) : 0;
  const isNegative = first == 0x2d;
  if (isNegative || first == 0x2b) p++;
  const numberStart = p;

  let mantissa: u64 = 0;
  let digits = 0;
  let exponent = 0;
  let isTruncated = false;
  let digit: u32 = 0;
  while (p < end && (digit = <u32>load<u8>(p) - 0x30) <= 9) {
    p++;
    if (digits < MAX_DIGITS) {
      mantissa = mantissa * 10 + digit;
      digits += <i32>(mantissa != 0);
    } else {
      exponent++;
      isTruncated = isTruncated || digit != 0;
    }
  }
  let digitChars = p - numberStart;
  if (p < end && load<u8>(p) == 0x2e) {
    p++;
    const fractionStart = p;
    while (p < end && (digit = <u32>load<u8>(p) - 0x30) <= 9) {
      p++;
      if (digits < MAX_DIGITS) {
        mantissa = mantissa * 10 + digit;
        digits += <i32>(mantissa != 0);
        exponent--;
      } else {
        isTruncated = isTruncated || digit != 0;
      }
    }
    digitChars += p - fractionStart;
  }
  if (digitChars == 0) return parseWord(numberStart, end, isNegative);

  if (p < end && (load<u8>(p) | 0x20) == 0x65) {
    p++;
    const sign = p < end ? load<u8>(p) : 0;
    if (sign == 0x2d || sign == 0x2b) p++;
    let written = 0;
    const exponentStart = p;
    while (p < end && (digit = <u32>load<u8>(p) - 0x30) <= 9) {
      p++;
      if (written < EXPONENT_LIMIT / 10) written = written * 10 + digit;
    }
    if (p == exponentStart) return notANumber();
    exponent += sign == 0x2d ? -written : written;
  }
  if (p != end) return notANumber();

  isNumber = true;
  let value = scale(mantissa, exponent);
  // The true mantissa lies between this one and the next: when both round alike, so does the truth.
  if (isTruncated && value != scale(mantissa + 1, exponent)) return resolveNumber(start, end);
  if (isNegative) value = -value;
  return value;
}

// --- internal ---

function notANumber(): f64 {
  isNumber = false;
  return NaN;
}

/** `nan`, `inf` or `infinity` in any case. */
function parseWord(start: usize, end: usize, isNegative: bool): f64 {
  const length = end - start;
  if (length == 3) {
    const word = (load<u16>(start) | 0x2020) | ((<u32>load<u8>(start + 2) | 0x20) << 16);
    if (word == 0x6e616e) {
      isNumber = true;
      return NaN;
    }
    if (word == 0x666e69) return infinity(isNegative);
  }
  if (length == 8 && (load<u64>(start) | 0x2020202020202020) == 0x7974696e69666e69) return infinity(isNegative);
  return notANumber();
}

function infinity(isNegative: bool): f64 {
  isNumber = true;
  return isNegative ? -Infinity : Infinity;
}

/** As `scale`, for any mantissa. Eisel-Lemire: w × 10^q from the upper 128 bits of the product. */
export function scaleWide(w: u64, q: i32): f64 {
  if (w == 0 || q < SMALLEST_POWER) return 0;
  if (q > LARGEST_POWER) return Infinity;
  if (!arePowersLoaded) {
    loadPowers();
    arePowersLoaded = true;
  }
  const leadingZeros = <i32>clz(w);
  const normal = w << leadingZeros;
  const power = POWERS_OFFSET + (<usize>(q - SMALLEST_POWER) << 4);
  const upper = load<u64>(power);
  let low = normal * upper;
  let high = multiplyHigh(normal, upper);
  // 55 bits decide: 53 of the result, one for rounding, one that normalisation may take.
  if ((high & 0x1ff) == 0x1ff) {
    const carry = multiplyHigh(normal, load<u64>(power, 8));
    low += carry;
    if (carry > low) high++;
  }
  const topBit = <i32>(high >> 63);
  const shift = topBit + 9;
  let mantissa = high >> shift;
  let exponent = ((217_706 * q) >> 16) + 63 + topBit - leadingZeros + 1023;
  if (exponent <= 0) {
    if (1 - exponent >= 64) return 0;
    mantissa >>= 1 - exponent;
    mantissa = (mantissa + (mantissa & 1)) >> 1;
    // Rounding up may reach the smallest normal number, whose bits these already are.
    return reinterpret<f64>(mantissa);
  }
  // Exactly halfway is possible only for these exponents: round to even.
  if (low <= 1 && q >= -4 && q <= 23 && (mantissa & 3) == 1 && mantissa << shift == high) mantissa &= ~1;
  mantissa = (mantissa + (mantissa & 1)) >> 1;
  if (mantissa >= 1 << 53) {
    mantissa = 1 << 52;
    exponent++;
  }
  if (exponent >= 2047) return Infinity;
  return reinterpret<f64>((mantissa & ~(1 << 52)) | (<u64>exponent << 52));
}

/** The upper 64 bits of a × b. */
@inline
function multiplyHigh(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  const other = aLow * bHigh + (middle & 0xffffffff);
  return aHigh * bHigh + (middle >> 32) + (other >> 32);
}
