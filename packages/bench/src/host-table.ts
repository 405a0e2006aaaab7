/** Rows of which each host has a part. */

export interface HostTable {
  readonly rows: number;
  /** Rows [begin, end). */
  part(begin: number, end: number): HostTable;
  /** As NumPy writes it: float32 [rows × (1 + columns)], the label first. */
  npy(): Buffer;
}

/** @param features [rows × columns] float32, row-major @param labels [rows] float32 */
export function tableOf(features: Uint8Array, labels: Uint8Array, columns: number): HostTable {
  const rows = labels.length / BYTES;
  return {
    rows,
    part: (begin, end) =>
      tableOf(
        features.subarray(begin * columns * BYTES, end * columns * BYTES),
        labels.subarray(begin * BYTES, end * BYTES),
        columns,
      ),
    npy() {
      const width = (1 + columns) * BYTES;
      const header = headerOf(rows, 1 + columns);
      const file = Buffer.alloc(header.length + rows * width);
      file.set(header);
      for (let row = 0; row < rows; row++) {
        const at = header.length + row * width;
        file.set(labels.subarray(row * BYTES, (row + 1) * BYTES), at);
        file.set(features.subarray(row * columns * BYTES, (row + 1) * columns * BYTES), at + BYTES);
      }
      return file;
    },
  };
}

/** Divided among hosts, alike. */
export function dealOut(table: HostTable, hosts: number): readonly HostTable[] {
  const each = table.rows / hosts;
  return Array.from({ length: hosts }, (_, host) => table.part(Math.round(host * each), Math.round((host + 1) * each)));
}

// --- internal ---

const BYTES = 4;
/** Magic, version 1.0 and the length of what follows: NumPy, "numpy.lib.format". */
const START_BYTES = 10;

function headerOf(rows: number, columns: number): Buffer {
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((START_BYTES + text.length + 1) / 64) * 64 - START_BYTES;
  const start = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, length & 255, length >> 8]);
  return Buffer.concat([start, Buffer.from(`${text.padEnd(length - 1)}\n`)]);
}
