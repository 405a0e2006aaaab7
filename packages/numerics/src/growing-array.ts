/** A typed array whose final length is not known at the start. */

type Numbers = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export interface GrowingArray<T extends Numbers> {
  readonly length: number;
  push(value: number): void;
  add(values: ArrayLike<number>): void;
  /** Everything added so far: a view, which later additions do not extend. */
  values(): T;
  /** Everything added, in an array of just that length. The growing array must not be used afterwards. */
  finish(): T;
}

const FIRST_LENGTH = 4096;

/** Doubles its capacity when it is full, so that adding n values costs O(n). */
export function createGrowingArray<T extends Numbers>(type: new (length: number) => T): GrowingArray<T> {
  let room = new type(FIRST_LENGTH);
  let length = 0;
  const reserve = (end: number): void => {
    if (end <= room.length) return;
    const larger = new type(Math.max(end, 2 * room.length));
    larger.set(room);
    room = larger;
  };
  return {
    get length() {
      return length;
    },
    push(value) {
      reserve(length + 1);
      room[length++] = value;
    },
    add(values) {
      reserve(length + values.length);
      room.set(values, length);
      length += values.length;
    },
    values: () => room.subarray(0, length) as T,
    finish: () => (length === room.length ? room : (room.slice(0, length) as T)),
  };
}
