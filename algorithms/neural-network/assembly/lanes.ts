/**
 * Loads and stores of fewer than four float32, for the ends of arrays whose length is no multiple of four: nothing
 * beyond an array's end is read or written.
 */

/** The first `count` (1 … 3) float32 at an address, zeros behind. */
@inline
export function loadFew(address: usize, count: usize): v128 {
  if (count == 1) return v128.load32_zero(address);
  const pair = v128.load64_zero(address);
  return count == 2 ? pair : v128.load_lane<f32>(address, pair, 2, 8);
}

/** Stores the first `count` (1 … 3) lanes. */
@inline
export function storeFew(address: usize, value: v128, count: usize): void {
  v128.store_lane<f32>(address, value, 0);
  if (count > 1) v128.store_lane<f32>(address, value, 1, 4);
  if (count > 2) v128.store_lane<f32>(address, value, 2, 8);
}

/** The same for 1 … 4. */
@inline
export function loadUpTo(address: usize, count: usize): v128 {
  return count == 4 ? v128.load(address) : loadFew(address, count);
}

@inline
export function storeUpTo(address: usize, value: v128, count: usize): void {
  if (count == 4) v128.store(address, value);
  else storeFew(address, value, count);
}

/** The sum of the lanes in float64. */
@inline
export function laneSum(value: v128): f64 {
  const pairs = f64x2.add(
    f64x2.promote_low_f32x4(value),
    f64x2.promote_low_f32x4(v128.shuffle<i32>(value, value, 2, 3, 0, 1)),
  );
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}

/** Lane 0, 1 or 2. */
@inline
export function laneOf(value: v128, lane: usize): f32 {
  if (lane == 0) return f32x4.extract_lane(value, 0);
  return lane == 1 ? f32x4.extract_lane(value, 1) : f32x4.extract_lane(value, 2);
}
