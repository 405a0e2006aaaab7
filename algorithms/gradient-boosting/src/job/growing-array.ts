/** A typed array whose length is not known before its end. */

type Numbers = Float32Array | Float64Array;

export interface GrowingArray<T extends Numbers> {
  readonly length: number;
  add(values: ArrayLike<number>): void;
  /** What was added. The array must not be used after. */
  finish(): T;
}

const FIRST_LENGTH = 4096;

/** Doubles its room when it is full, so that adding n values costs O(n). */
export function createGrowingArray<T extends Numbers>(type: new (length: number) => T): GrowingArray<T> {
  let values = new type(FIRST_LENGTH);
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(added) {
      const end = length + added.length;
      if (end > values.length) {
        const larger = new type(Math.max(end, 2 * values.length));
        larger.set(values);
        values = larger;
      }
      values.set(added, length);
      length = end;
    },
    finish() {
      const exact = new type(length);
      exact.set(values.subarray(0, length));
      return exact;
    },
  };
}
