/** Points of two numbers with the diagonal on which they are equal: predicted against actual. */
import { type Html, html } from '../page/html.js';
import { formatNumber } from '../page/numbers.js';
import { figure } from './figure.js';
import { createPlot, pathOf, place } from './plot.js';
import { extentOf } from './scale.js';

export interface ScatterChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly x: string;
  readonly y: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  /** `equality`: both axes have one scale, and a line is drawn where they are equal; `zero`: where y is zero. */
  readonly reference: 'equality' | 'zero';
}

/** Points in the drawing and in its table: more are left out evenly. */
const SHOWN = 1000;

export function scatterChart({ id, title, description, x, y, points, reference }: ScatterChart): Html {
  const xs = extentOf(points.map(([value]) => value)) ?? [0, 1];
  const ys = extentOf(points.map(([, value]) => value)) ?? [0, 1];
  const both: readonly [number, number] = [Math.min(xs[0], ys[0]), Math.max(xs[1], ys[1])];
  const isEquality = reference === 'equality';
  const yDomain: readonly [number, number] = isEquality ? both : [Math.min(ys[0], 0), Math.max(ys[1], 0)];
  const plot = createPlot({ name: x, domain: isEquality ? both : xs }, { name: y, domain: yDomain });
  const step = Math.max(1, points.length / SHOWN);
  const shown = Array.from({ length: Math.min(points.length, SHOWN) }, (_, i) => points[Math.floor(i * step)]!);
  const [first, last] = [plot.x.ticks[0]!, plot.x.ticks.at(-1)!];
  const marks = html`<path class="reference" d="${pathOf([
    [plot.x.at(first), plot.y.at(isEquality ? first : 0)],
    [plot.x.at(last), plot.y.at(isEquality ? last : 0)],
  ])}"/>
<g class="points">${shown.map(
    ([a, b]) =>
      html`<circle cx="${place(plot.x.at(a))}" cy="${place(plot.y.at(b))}" r="3.5"><title>${x} ${formatNumber(a)}, ${y} ${formatNumber(b)}</title></circle>`,
  )}</g>`;
  return figure({
    ...{ id, title, description, width: plot.width, height: plot.height },
    drawing: plot.frame(marks),
    columns: [
      { name: x, isNumber: true },
      { name: y, isNumber: true },
    ],
    rows: shown.map(([a, b]) => [formatNumber(a), formatNumber(b)]),
  });
}
