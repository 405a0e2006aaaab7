/** A linear scale from values to places in a drawing, with round ticks: steps of 1, 2 or 5 times a power of ten. */

export interface Scale {
  readonly ticks: readonly number[];
  /** Place of a value. */
  at(value: number): number;
}

export interface ScaleOptions {
  /** Whether the domain grows to the ticks around it; default true. */
  readonly isNice?: boolean;
}

/** Below it are numbers that float64 has with fewer digits. */
export const TINY = 1e-300;

/**
 * @param domain smallest and largest value; where they are equal, it is widened
 * @param range  places of the two, in units of the drawing
 */
export function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
  { isNice = true }: ScaleOptions = {},
): Scale {
  const [low, high] = widened(domain);
  const step = stepOf(high - low);
  const from = isNice ? Math.floor(low / step + EPSILON) * step : low;
  const to = isNice ? Math.ceil(high / step - EPSILON) * step : high;
  const first = Math.ceil(from / step - EPSILON);
  const last = Math.floor(to / step + EPSILON);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => roundTo((first + i) * step, step));
  const [start, end] = range;
  return { ticks, at: (value) => start + ((value - from) / (to - from)) * (end - start) };
}

/** Smallest and largest of finite values; undefined where there are none. */
export function extentOf(values: Iterable<number>): readonly [number, number] | undefined {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : undefined;
}

// --- internal ---

/** About as many ticks. */
const TICKS = 5;

/** Of a step: what division by it may be off. */
const EPSILON = 1e-9;

/** Of the values: float64 has no round steps within less. */
const RESOLUTION = 1e-12;

function widened([low, high]: readonly [number, number]): readonly [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > Math.max(size * RESOLUTION, TINY)) return [low, high];
  const half = size < TINY ? 1 : size / 2;
  return [low - half, high + half];
}

function stepOf(span: number): number {
  const rough = span / TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - EPSILON)) ?? 10;
  return factor * power;
}

/** Without the digits that floating point adds: 0.30000000000000004. */
function roundTo(value: number, step: number): number {
  const digits = Math.max(0, Math.ceil(-Math.log10(step)) + 1);
  return digits > 20 ? value : Number(value.toFixed(digits));
}
