/** A typed array whose length is not known before its end. */

type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export interface GrowingArray<T extends Numbers> {
  add(values: ArrayLike<number>): void;
  push(value: number): void;
  /** All that was added so far: a view that the next addition may leave behind. */
  values(): T;
}

const FIRST_LENGTH = 4096;

/** Doubles its room when it is full, so that adding n values costs O(n). */
export function createGrowingArray<T extends Numbers>(type: new (length: number) => T): GrowingArray<T> {
  let room = new type(FIRST_LENGTH);
  let length = 0;
  function reserve(end: number): void {
    if (end <= room.length) return;
    const larger = new type(Math.max(end, 2 * room.length));
    larger.set(room);
    room = larger;
  }
  return {
    add(values) {
      reserve(length + values.length);
      room.set(values, length);
      length += values.length;
    },
    push(value) {
      reserve(length + 1);
      room[length++] = value;
    },
    values: () => room.subarray(0, length) as T,
  };
}
