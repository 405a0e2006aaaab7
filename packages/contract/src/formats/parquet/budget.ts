/**
 * Work counted in bytes that are read, unpacked or written as values: at most this many for each byte of the input. Run
 * lengths and good codecs let few bytes expand to many, and a damaged or hostile file must neither hang nor fill
 * memory.
 */

/** Every file may take this much, however small it is. */
const FREE_BYTES = 4 * 1024 * 1024;

export interface Budget {
  /** Bytes spent so far. */
  readonly spent: number;
  /** @throws Error when more is spent than the input allows */
  spend(bytes: number): void;
}

/** @param perByte what each of the `length` bytes of the input may cost */
export function createBudget(length: number, perByte: number): Budget {
  const limit = FREE_BYTES + length * perByte;
  let spent = 0;
  return {
    get spent() {
      return spent;
    },
    spend(bytes) {
      spent += bytes;
      if (spent > limit) throw new Error(`its ${length} bytes expand to more than ${limit} bytes of values`);
    },
  };
}
