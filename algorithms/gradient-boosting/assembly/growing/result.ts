/**
 * Results of split search: the best split so far and, behind it, the categories that go right.
 */
import { CATEGORY_WORDS } from '../layout';
import {
  FEATURE_INDEX,
  RESULT_BIN,
  RESULT_CATEGORIES,
  RESULT_DEFAULT_LEFT,
  RESULT_FEATURE,
  RESULT_GAIN,
  RESULT_LEFT_GRADIENT,
  RESULT_RIGHT_GRADIENT,
} from '../records';
import { word } from '../memory';

export function clearResult(result: usize): void {
  memory.fill(result, 0, <usize>RESULT_CATEGORIES + (word(CATEGORY_WORDS) << 2));
  store<i32>(result, -1, RESULT_FEATURE);
}

/** Keeps a split when it is better than what was found so far; true when it was taken. */
@inline
export function offer(
  result: usize,
  gain: f32,
  feature: usize,
  bin: i32,
  isDefaultLeft: bool,
  left: v128,
  right: v128,
): bool {
  const index = load<i32>(feature, FEATURE_INDEX);
  const best = load<f32>(result, RESULT_GAIN);
  const bestFeature = load<i32>(result, RESULT_FEATURE);
  if (bestFeature >= 0 && (bestFeature <= index ? gain <= best : gain < best)) return false;
  store<f32>(result, gain, RESULT_GAIN);
  store<i32>(result, index, RESULT_FEATURE);
  store<i32>(result, bin, RESULT_BIN);
  store<u32>(result, isDefaultLeft ? 1 : 0, RESULT_DEFAULT_LEFT);
  v128.store(result, left, RESULT_LEFT_GRADIENT);
  v128.store(result, right, RESULT_RIGHT_GRADIENT);
  return true;
}
