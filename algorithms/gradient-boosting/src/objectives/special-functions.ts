/**
 * Functions that losses and metrics need and JavaScript does not have. Accuracy is stated at each and checked in the
 * tests.
 */

const ROUNDING = 1.5 * 2 ** 52;
const LEAST_POWER = 150;
/** 2^−150 … 2^129 */
const POWERS_OF_TWO = Float64Array.from({ length: 280 }, (_, i) => 2 ** (i - LEAST_POWER));

/** The largest argument XGBoost gives to float32 exp inside a sigmoid. */
const LARGEST_EXPONENT = Math.fround(88.7);

/**
 * e^x for results that are stored as float32; relative error below 1e-8, twice as fast as Math.exp. Overflows to a
 * number that float32 rounds to Infinity, and below −103 gives a value that float32 rounds to 0 or its smallest number.
 *
 * x = k·ln 2 + r with |r| ≤ ln 2 / 2; e^r by its Taylor polynomial of degree 7, 2^k from a table. The polynomial is
 * summed in pairs, which do not wait for each other.
 */
export function exponential32(x: number): number {
  const held = Math.max(Math.min(x, 88.8), -103);
  // Adding and taking away 1.5·2^52 rounds to the nearest integer.
  const k = held * Math.LOG2E + ROUNDING - ROUNDING;
  const r = held - k * Math.LN2;
  const r2 = r * r;
  const p = 1 + r + r2 * (1 / 2 + r * (1 / 6)) + r2 * r2 * (1 / 24 + r * (1 / 120) + r2 * (1 / 720 + r * (1 / 5040)));
  return p * POWERS_OF_TWO[(k | 0) + LEAST_POWER]!;
}

/**
 * 1 / (1 + e^−x), rounded to float32 after each step as XGBoost does: exactly 1 from about x = 17 on, never 0.
 */
export function sigmoid(x: number): number {
  const exponential = Math.fround(exponential32(Math.min(-x, LARGEST_EXPONENT)));
  return Math.fround(1 / Math.fround(1 + exponential));
}

/** ln(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/**
 * Error function, 2/√π ∫₀ˣ e^−t² dt; relative error below 1e-15.
 * @see W. J. Cody, Rational Chebyshev approximations for the error function, Math. Comp. 23 (1969)
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size <= 0.46875) return x * ratio(ERF_NEAR_P, ERF_NEAR_Q, x * x);
  const beyond = erfcPositive(size);
  return x > 0 ? 1 - beyond : beyond - 1;
}

/**
 * ln Γ(x) for x > 0; error below 1e-13 · max(1, |ln Γ(x)|).
 * Arguments below 10 are moved up by Γ(x + 1) = x·Γ(x), then Stirling's series.
 * @see NIST Digital Library of Mathematical Functions, 5.11.1
 */
export function lnGamma(x: number): number {
  let shift = 1;
  let z = x;
  while (z < 10) {
    shift *= z;
    z += 1;
  }
  const inverse = 1 / z;
  const square = inverse * inverse;
  const series = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square * (1 / 1680 - square / 1188))));
  return (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + series - Math.log(shift);
}

// --- internal ---

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const INVERSE_SQRT_PI = 1 / Math.sqrt(Math.PI);

/** Coefficients of Cody's three intervals, highest power first. */
const ERF_NEAR_P = [0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694];
const ERF_NEAR_Q = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const ERFC_MIDDLE_P = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001, 881.952221241769,
  1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const ERFC_MIDDLE_Q = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const ERFC_FAR_P = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const ERFC_FAR_Q = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];

function ratio(numerator: readonly number[], denominator: readonly number[], x: number): number {
  let p = numerator[0]!;
  let q = denominator[0]!;
  for (let power = 1; power < numerator.length; power++) {
    p = p * x + numerator[power]!;
    q = q * x + denominator[power]!;
  }
  return p / q;
}

/** erfc for x > 0.46875. */
function erfcPositive(x: number): number {
  if (x <= 4) return expMinusSquare(x) * ratio(ERFC_MIDDLE_P, ERFC_MIDDLE_Q, x);
  const square = 1 / (x * x);
  const correction = square * ratio(ERFC_FAR_P, ERFC_FAR_Q, square);
  return (expMinusSquare(x) * (INVERSE_SQRT_PI - correction)) / x;
}

/** e^−x², with x² split so that its rounding error does not grow into the exponent. */
function expMinusSquare(x: number): number {
  const head = Math.trunc(x * 16) / 16;
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head));
}
