/**
 * Numbers of float32 with no more digits than they need. Written as the double that it is, 0.1 of float32 takes 19
 * characters; the decimal that is nearest to it and still rounds to the same float32 takes three.
 */

/** A double that rounds to the float32 `value` and has the fewest digits, for `String` to write. */
export function shortFloat32(value: number): number {
  const size = Math.abs(value);
  // Integers are exact already; zeros, NaN and infinities have no digits.
  if (size < EXACT_INTEGERS && value === Math.trunc(value)) return value;
  if (!(size >= 1e-12 && size < 1e22)) return Number.isFinite(value) ? slowShort(value) : value;
  const exponent = Math.floor(Math.log10(size));
  for (let digits = LEAST_DIGITS; digits <= MOST_DIGITS; digits++) {
    const power = digits - 1 - exponent;
    // Both powers are exact doubles, so that each line rounds once.
    const short =
      power >= 0
        ? Math.round(value * POWERS[power]!) / POWERS[power]!
        : Math.round(value / POWERS[-power]!) * POWERS[-power]!;
    if (Math.fround(short) === value) return short;
  }
  return slowShort(value);
}

// --- internal ---

const EXACT_INTEGERS = 2 ** 31;
/** Any decimal of six digits survives float32, and nine distinguish every float32. */
const LEAST_DIGITS = 6;
const MOST_DIGITS = 9;
const POWERS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Very small and very large numbers, through text. */
function slowShort(value: number): number {
  for (let digits = 1; digits < MOST_DIGITS; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return Number(value.toPrecision(MOST_DIGITS));
}
