/**
 * Results of split search: the best split so far, followed by the categories that go right.
 */
import * as Layout from '../layout';
import * as Records from '../records';
import { word } from '../memory';

export function clearResult(result: usize): void {
  memory.fill(result, 0, <usize>Records.RESULT_CATEGORIES + (word(Layout.CATEGORY_WORDS) << 2));
  store<i32>(result, -1, Records.RESULT_FEATURE);
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
  const index = load<i32>(feature, Records.FEATURE_INDEX);
  const best = load<f32>(result, Records.RESULT_GAIN);
  const bestFeature = load<i32>(result, Records.RESULT_FEATURE);
  if (bestFeature >= 0 && (bestFeature <= index ? gain <= best : gain < best)) return false;
  store<f32>(result, gain, Records.RESULT_GAIN);
  store<i32>(result, index, Records.RESULT_FEATURE);
  store<i32>(result, bin, Records.RESULT_BIN);
  store<u32>(result, isDefaultLeft ? 1 : 0, Records.RESULT_DEFAULT_LEFT);
  v128.store(result, left, Records.RESULT_LEFT_GRADIENT);
  v128.store(result, right, Records.RESULT_RIGHT_GRADIENT);
  return true;
}
