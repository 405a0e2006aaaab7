/**
 * An even grid over a feature's thresholds: one multiplication finds the cell of a value, a table the rank at the cell's
 * lower end, and a search among the few thresholds of the cell the rest. Exact, since the cell of a float32 is computed
 * by the same rounded steps here and in the kernel, and those steps never put a larger value in a lower cell.
 */

/** Cells per threshold: then a cell usually has none or one. */
const CELLS_PER_THRESHOLD = 4;
const MAX_CELLS = 4096;

export interface Grid {
  /** The cell of x is trunc((x − origin) × scale), kept within the table. */
  readonly origin: number;
  readonly scale: number;
  /** [cells] thresholds below each cell. */
  readonly table: Uint16Array;
  /** Steps of a binary search over the fullest cell; at least 1. */
  readonly steps: number;
}

/** @param thresholds ascending, distinct, below 65,536 of them; the infinite ones among them go to the end cells */
export function planGrid(thresholds: Float32Array): Grid {
  const finite = thresholds.filter(Number.isFinite);
  const origin = finite[0] ?? 0;
  const span = Math.fround((finite.at(-1) ?? 0) - origin);
  const wanted = 2 ** Math.ceil(Math.log2(CELLS_PER_THRESHOLD * Math.max(4, thresholds.length)));
  const cells = Math.min(MAX_CELLS, wanted);
  const ratio = Math.fround((cells - 1) / span);
  const scale = span > 0 && Number.isFinite(span) && Number.isFinite(ratio) ? ratio : 0;
  const table = new Uint16Array(cells);
  let fullest = 1;
  // The cells of ascending thresholds ascend, too: those between two of them have the same number of thresholds below.
  let cell = -1;
  let count = 0;
  for (let index = 0; index < thresholds.length; index++) {
    const own = cellOf(thresholds[index]!, origin, scale, cells - 1);
    if (own === cell) {
      count++;
    } else {
      table.fill(index, cell + 1, own + 1);
      cell = own;
      count = 1;
    }
    if (count > fullest) fullest = count;
  }
  table.fill(thresholds.length, cell + 1);
  return { origin, scale, table, steps: Math.ceil(Math.log2(fullest + 1)) };
}

// --- internal ---

/** As the kernel has it: each step rounded to float32, NaN (from 0 × infinity) in cell 0. */
function cellOf(value: number, origin: number, scale: number, lastCell: number): number {
  const position = Math.fround(Math.fround(value - origin) * scale);
  return Math.trunc(Math.max(Math.min(position, lastCell), 0)) || 0;
}
