/** Horizontal bars with their names, the longest first as they come; with a whisker of one standard deviation where given. */
import { type Html, html } from '../page/html.js';
import { formatNumber } from '../page/numbers.js';
import { figure } from './figure.js';
import { line, place } from './plot.js';
import { extentOf, linearScale } from './scale.js';

export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly deviation?: number;
}

export interface BarChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Of the bars: `feature`. */
  readonly item: string;
  /** What the length of a bar is. */
  readonly measure: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 460;
const ROW = 22;
const BAR = 14;
const NAMES = 170;
const VALUES = 62;
const NAME_CHARS = 24;

export function barChart({ id, title, description, item, measure, bars }: BarChart): Html {
  const ends = bars.flatMap(({ value, deviation = 0 }) => [value - deviation, value + deviation, 0]);
  const domain = extentOf(ends) ?? [0, 1];
  const scale = linearScale(domain, [NAMES, WIDTH - VALUES], { isNice: false });
  const height = bars.length * ROW + 28;
  const zero = scale.at(0);
  const drawing = html`<g class="axis">${bars.map(
    (
      { name, value },
      i,
    ) => html`<text x="${NAMES - 8}" y="${i * ROW + 15}" text-anchor="end">${shorten(name)}<title>${name}</title></text>
<text x="${WIDTH - 4}" y="${i * ROW + 15}" text-anchor="end">${formatNumber(Number(value.toPrecision(3)))}</text>`,
  )}${line(zero, 2, zero, bars.length * ROW + 2)}
<text class="name" x="${(NAMES + WIDTH - VALUES) / 2}" y="${height - 6}" text-anchor="middle">${measure}</text></g>
${bars.map(({ name, value, deviation }, i) => {
  const end = scale.at(value);
  const middle = i * ROW + 4 + BAR / 2;
  return html`<rect class="bar" x="${place(Math.min(zero, end))}" y="${i * ROW + 4}" width="${place(Math.abs(end - zero))}" height="${BAR}"><title>${name}: ${formatNumber(value)}</title></rect>${
    deviation !== undefined &&
    html`<g class="whisker">${line(scale.at(value - deviation), middle, scale.at(value + deviation), middle)}</g>`
  }`;
})}`;
  const hasDeviation = bars.some(({ deviation }) => deviation !== undefined);
  return figure({
    ...{ id, title, description, width: WIDTH, height, drawing },
    columns: [
      { name: item },
      { name: measure, isNumber: true },
      ...(hasDeviation ? [{ name: 'standard deviation', isNumber: true }] : []),
    ],
    rows: bars.map(({ name, value, deviation }) => [
      name,
      formatNumber(value),
      ...(hasDeviation ? [deviation === undefined ? '' : formatNumber(deviation)] : []),
    ]),
  });
}

// --- internal ---

function shorten(name: string): string {
  return name.length <= NAME_CHARS ? name : `${name.slice(0, NAME_CHARS - 1)}…`;
}
