/** The transform of objectives whose predictions are their margins. */

export function untransformed(
  margins: Float32Array,
  out: Float32Array = new Float32Array(margins.length),
): Float32Array {
  if (out !== margins) out.set(margins);
  return out;
}
