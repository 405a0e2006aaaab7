/** What one column needs while it is read, kept from row group to row group: else memory would grow with their number. */
export interface ColumnMemory {
  /** Values of a page. */
  values: Float64Array;
  /** Null flags or indices of a page. */
  numbers: Uint32Array;
  /** Bytes of the file, read ahead. */
  window: Uint8Array;
  /** Bytes of a page that is longer. */
  page: Uint8Array;
}

/** Empty: each array is made anew when a longer one is needed. */
export function createMemory(): ColumnMemory {
  const none = new Uint8Array(0);
  return { values: new Float64Array(0), numbers: new Uint32Array(0), window: none, page: none };
}
