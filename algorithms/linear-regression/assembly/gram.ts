/**
 * All pairwise dot products of integer columns. Every sum stays at most 2^53 before it is split, so nothing is ever rounded, and a fused
 * and an unfused multiply-add give the same bits.
 */
import { ROWS, STRIDE } from './limbs';

export { multiply, takeNarrow, transpose } from './limbs';
export { takeWide } from './shortest-decimal';

/** Sums are kept as high · 2^26 + low. */
const SPILL: f64 = 67108864.0;
const SPILL_INVERSE: f64 = 1.0 / 67108864.0;

/**
 * Adds the dot products of all left limb arrays with the right ones, 3 × 3 at a time (9 sums, 3 left and 1 right value fit the 16
 * vector registers). A tile's sums go to memory before they can pass 2^53.
 * @param leftBounds  [leftTiles] largest |limb| of each three arrays; `rightBounds` likewise
 * @param firstRight  [leftTiles] int32: the right tiles before it are not wanted
 * @param sums        [leftTiles] int32 addresses: of tile 0 in that row; a tile is 9 pairs (high, low)
 */
export function accumulate(
  left: usize, leftTiles: i32, leftBounds: usize, right: usize, rightTiles: i32, rightBounds: usize,
  firstRight: usize, sums: usize, rows: i32,
): void {
  const pairs = (rows + 1) >> 1;
  for (let i = 0; i < leftTiles; i++) {
    const bound = load<f64>(leftBounds + (<usize>i << 3));
    const row = <usize>load<i32>(sums + (<usize>i << 2));
    const a = left + <usize>i * (3 * STRIDE);
    for (let j = load<i32>(firstRight + (<usize>i << 2)); j < rightTiles; j++) {
      // Two lanes of n products each: 2 n · bound · bound <= 2^53.
      const room = 4503599627370496.0 / (bound * load<f64>(rightBounds + (<usize>j << 3)));
      const step = room < <f64>ROWS ? <i32>room : ROWS;
      const b = right + <usize>j * (3 * STRIDE);
      const out = row + <usize>j * 144;
      for (let from = 0; from < pairs; from += step) {
        tile(a + (<usize>from << 4), b + (<usize>from << 4), min(step, pairs - from), out);
      }
    }
  }
}

@inline
function spill(sum: v128, at: usize): void {
  const both = f64x2.add(sum, v128.shuffle<f64>(sum, sum, 1, 0));
  const high = f64x2.nearest(f64x2.mul(both, f64x2.splat(SPILL_INVERSE)));
  const low = f64x2.sub(both, f64x2.mul(high, f64x2.splat(SPILL)));
  v128.store(at, f64x2.add(v128.load(at), v128.shuffle<f64>(high, low, 0, 2)));
}

function tile(a: usize, b: usize, pairs: i32, out: usize): void {
  let s00 = f64x2.splat(0), s01 = s00, s02 = s00;
  let s10 = s00, s11 = s00, s12 = s00;
  let s20 = s00, s21 = s00, s22 = s00;
  const end = a + (<usize>pairs << 4);
  while (a < end) {
    const a0 = v128.load(a);
    const a1 = v128.load(a, STRIDE);
    const a2 = v128.load(a, 2 * STRIDE);
    let y = v128.load(b);
    s00 = f64x2.relaxed_madd(a0, y, s00);
    s10 = f64x2.relaxed_madd(a1, y, s10);
    s20 = f64x2.relaxed_madd(a2, y, s20);
    y = v128.load(b, STRIDE);
    s01 = f64x2.relaxed_madd(a0, y, s01);
    s11 = f64x2.relaxed_madd(a1, y, s11);
    s21 = f64x2.relaxed_madd(a2, y, s21);
    y = v128.load(b, 2 * STRIDE);
    s02 = f64x2.relaxed_madd(a0, y, s02);
    s12 = f64x2.relaxed_madd(a1, y, s12);
    s22 = f64x2.relaxed_madd(a2, y, s22);
    a += 16;
    b += 16;
  }
  spill(s00, out);
  spill(s01, out + 16);
  spill(s02, out + 32);
  spill(s10, out + 48);
  spill(s11, out + 64);
  spill(s12, out + 80);
  spill(s20, out + 96);
  spill(s21, out + 112);
  spill(s22, out + 128);
}
