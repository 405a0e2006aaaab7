/** Counts of a number in equal bins, or of classes, as a small drawing for a row of a table or as a chart. */
import { type Html, html } from '../page/html.js';
import { formatNumber } from '../page/numbers.js';
import { figure } from './figure.js';
import { createPlot, place } from './plot.js';
import { TINY } from './scale.js';

export interface Bin {
  /** Bounds, the upper one excluded but for the last bin. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Bins of equal width over the values' range, as many as Sturges has it, between 5 and 20. */
export function binsOf(values: readonly number[]): readonly Bin[] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity) + 0; // no −0
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity) + 0;
  if (values.length === 0) return [];
  if (high - low < TINY) return [{ from: low, to: high, count: values.length }];
  const distinct = new Set(values).size;
  const wanted = Math.min(20, Math.max(5, Math.ceil(Math.log2(values.length)) + 1));
  const size = Math.min(wanted, distinct);
  const width = (high - low) / size;
  const counts = new Array<number>(size).fill(0);
  for (const value of values) counts[Math.min(size - 1, Math.floor((value - low) / width))]! += 1;
  return counts.map((count, i) => ({
    from: low + i * width,
    to: i === size - 1 ? high : low + (i + 1) * width,
    count,
  }));
}

/** @param label what the drawing shows, in words */
export function smallHistogram(counts: readonly number[], label: string): Html {
  const most = counts.reduce((a, b) => Math.max(a, b), 1);
  const [width, height] = [120, 26];
  const step = width / counts.length;
  return html`<svg class="small" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${counts.map(
    (count, i) =>
      html`<rect class="bar" x="${place(i * step)}" y="${place(height - (count / most) * height)}" width="${place(Math.max(step - 1, 1))}" height="${place((count / most) * height)}"/>`,
  )}</svg>`;
}

export interface HistogramChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: string;
  readonly bins: readonly Bin[];
}

export function histogramChart({ id, title, description, x, bins }: HistogramChart): Html {
  const most = bins.reduce((a, { count }) => Math.max(a, count), 1);
  const [first, last] = [bins[0]!, bins.at(-1)!];
  const plot = createPlot(
    { name: x, domain: [first.from, last.to], isNice: false },
    { name: 'rows', domain: [0, most] },
  );
  const marks = bins.map(({ from, to, count }) => {
    const [left, right, top, bottom] = [plot.x.at(from), plot.x.at(to), plot.y.at(count), plot.y.at(0)];
    return html`<rect class="bar" x="${place(left + 0.5)}" y="${place(top)}" width="${place(Math.max(1, right - left - 1))}" height="${place(bottom - top)}"><title>${formatNumber(from)} to ${formatNumber(to)}: ${count}</title></rect>`;
  });
  return figure({
    ...{ id, title, description, width: plot.width, height: plot.height, drawing: plot.frame(marks) },
    columns: [
      { name: 'from', isNumber: true },
      { name: 'to', isNumber: true },
      { name: 'rows', isNumber: true },
    ],
    rows: bins.map(({ from, to, count }) => [formatNumber(from), formatNumber(to), count]),
  });
}
