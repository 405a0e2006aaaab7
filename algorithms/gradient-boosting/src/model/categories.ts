/**
 * The names of categories in a model file (`cats`, from XGBoost 3.1 on): UTF-8 end to end, by feature and code. XGBoost
 * codes a data frame by them, whatever order its categories have.
 */
import type { Document } from './document.js';

/** @param features names by code of each feature; undefined for one without */
export function describeCategories(features: readonly (readonly string[] | undefined)[]): Document {
  const bytes = features.map((names = []) => names.map((name) => Buffer.from(name)));
  const segments = new Int32Array(features.length + 1);
  for (const [feature, names] of bytes.entries()) segments[feature + 1] = segments[feature]! + names.length;
  return {
    enc: bytes.map((names) => ({
      offsets: names.length === 0 ? new Int32Array(0) : offsetsOf(names),
      values: Array.from(new Int8Array(Buffer.concat(names))),
    })),
    feature_segments: segments,
    sorted_idx: Int32Array.from(bytes.flatMap(sortedIndices)),
  };
}

// --- internal ---

/** [names + 1] where each name starts, and the end. */
function offsetsOf(names: readonly Buffer[]): Int32Array {
  const offsets = new Int32Array(names.length + 1);
  for (const [index, name] of names.entries()) offsets[index + 1] = offsets[index]! + name.length;
  return offsets;
}

/** XGBoost searches names in the order of their bytes as signed numbers. */
function sortedIndices(names: readonly Buffer[]): number[] {
  const signed = names.map((name) => new Int8Array(name));
  return [...names.keys()].sort((one, other) => compare(signed[one]!, signed[other]!));
}

function compare(one: Int8Array, other: Int8Array): number {
  const count = Math.min(one.length, other.length);
  for (let at = 0; at < count; at++) if (one[at] !== other[at]) return one[at]! - other[at]!;
  return one.length - other.length;
}
