/** Lines over a number: metrics of training, ROC curves. */
import { type Html, html } from '../page/html.js';
import { formatNumber } from '../page/numbers.js';
import { figure, legendOf } from './figure.js';
import { type Axis, createPlot, pathOf } from './plot.js';
import { extentOf } from './scale.js';

export interface Series {
  readonly name: string;
  /** In the order of x. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface LineChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: Partial<Axis> & { readonly name: string };
  readonly y: Partial<Axis> & { readonly name: string };
  readonly series: readonly Series[];
  /** A straight line to compare with, such as the diagonal of a ROC curve: x, y, x, y. */
  readonly reference?: readonly [number, number, number, number];
  /** All lines look alike: they are too many for colours. */
  readonly isUniform?: boolean;
}

/** Points of a table: more are left out evenly, the first and last are kept. */
const LISTED = 200;

export function lineChart({ id, title, description, x, y, series, reference, isUniform = false }: LineChart): Html {
  const all = series.flatMap(({ points }) => points);
  const xAxis: Axis = { domain: extentOf(all.map(([value]) => value)) ?? [0, 1], isNice: false, ...x };
  const yAxis: Axis = { domain: extentOf(all.map(([, value]) => value)) ?? [0, 1], ...y };
  const plot = createPlot(xAxis, yAxis);
  const marks = html`${
    reference &&
    html`<path class="reference" d="${pathOf([
      [plot.x.at(reference[0]), plot.y.at(reference[1])],
      [plot.x.at(reference[2]), plot.y.at(reference[3])],
    ])}"/>`
  }${series.map(
    ({ name, points }, i) =>
      html`<path class="line series-${isUniform ? 1 : i + 1}" d="${pathOf(points.map(([a, b]) => [plot.x.at(a), plot.y.at(b)]))}"><title>${name}</title></path>
`,
  )}`;
  return figure({
    ...{ id, title, description, width: plot.width, height: plot.height },
    drawing: plot.frame(marks),
    legend: isUniform ? undefined : legendOf(series.map(({ name }) => name)),
    columns: [
      ...(series.length > 1 ? [{ name: 'series' }] : []),
      { name: x.name, isNumber: true },
      { name: y.name, isNumber: true },
    ],
    rows: series.flatMap(({ name, points }) =>
      thinned(points).map(([a, b]) => [...(series.length > 1 ? [name] : []), formatNumber(a), formatNumber(b)]),
    ),
  });
}

// --- internal ---

function thinned<T>(points: readonly T[]): readonly T[] {
  if (points.length <= LISTED) return points;
  const step = (points.length - 1) / (LISTED - 1);
  return Array.from({ length: LISTED }, (_, i) => points[Math.round(i * step)]!);
}
