/** The entries of a sparse tensor in ascending order of their keys; usually they are sorted already. */
import type { Tensor } from './record.js';

export function sortKeys(tensor: Tensor): void {
  const { keys, values, count } = tensor;
  let isAscending = true;
  for (let i = 1; i < count && isAscending; i++) isAscending = keys[i]! >= keys[i - 1]!;
  if (isAscending) return;
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => keys[a]! - keys[b]!);
  keys.set(order.map((i) => keys[i]!));
  values.set(order.map((i) => values[i]!));
}
