/**
 * The entries of one row in ascending order of their columns, for files that have them otherwise: heap sort, which
 * needs no extra memory and never degrades on hostile rows.
 */

/** Sorts entries `first` to `end` - 1; returns a column that is there twice, or -1. */
export function sortEntries<T extends number>(indices: usize, values: usize, first: u32, end: u32): i32 {
  const count = end - first;
  const keys = indices + (<usize>first << 2);
  const items = values + <usize>first * sizeof<T>();
  for (let root = count >> 1; root > 0; root--) sift<T>(keys, items, root - 1, count);
  for (let last = count - 1; last > 0; last--) {
    swap<T>(keys, items, 0, last);
    sift<T>(keys, items, 0, last);
  }
  for (let i: u32 = 1; i < count; i++) {
    const key = keyAt(keys, i);
    if (key == keyAt(keys, i - 1)) return key;
  }
  return -1;
}

// --- internal ---

/** Lets the entry at `root` sink to its place in the heap of the first `count` entries. */
function sift<T extends number>(keys: usize, items: usize, root: u32, count: u32): void {
  for (;;) {
    let child: u32 = 2 * root + 1;
    if (child >= count) return;
    if (child + 1 < count && keyAt(keys, child + 1) > keyAt(keys, child)) child++;
    if (keyAt(keys, root) >= keyAt(keys, child)) return;
    swap<T>(keys, items, root, child);
    root = child;
  }
}

function swap<T extends number>(keys: usize, items: usize, a: u32, b: u32): void {
  const key = keyAt(keys, a);
  store<u32>(keys + (<usize>a << 2), keyAt(keys, b));
  store<u32>(keys + (<usize>b << 2), key);
  const itemA = items + <usize>a * sizeof<T>();
  const itemB = items + <usize>b * sizeof<T>();
  const item = load<T>(itemA);
  store<T>(itemA, load<T>(itemB));
  store<T>(itemB, item);
}

// @ts-ignore: decorator
@inline
function keyAt(keys: usize, at: u32): u32 {
  return load<u32>(keys + (<usize>at << 2));
}
