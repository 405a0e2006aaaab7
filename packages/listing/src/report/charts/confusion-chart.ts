/** A confusion matrix: how many rows of each actual class were predicted as each class, the shade by the share of its row. */
import { type Html, html } from '../page/html.js';
import { formatPercent } from '../page/numbers.js';
import { figure } from './figure.js';
import { place } from './plot.js';

export interface ConfusionChart {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly classes: readonly string[];
  /** [actual × predicted], row by row. */
  readonly counts: ArrayLike<number>;
}

const WIDTH = 460;
const LEFT = 120;
const TOP = 46;
const NAME_CHARS = 13;

export function confusionChart({ id, title, description, classes, counts }: ConfusionChart): Html {
  const k = classes.length;
  const cell = Math.min(90, (WIDTH - LEFT - 6) / k);
  const height = TOP + k * cell + 8;
  const at = (actual: number, predicted: number) => counts[actual * k + predicted]!;
  const totals = classes.map((_, actual) => classes.reduce((sum, __, predicted) => sum + at(actual, predicted), 0));
  const right = LEFT + (k * cell) / 2;
  const hasFigures = cell >= 20;
  const fits = cell >= 60 ? NAME_CHARS : Math.max(1, Math.floor(cell / 9));
  const drawing = html`<g class="axis"><text class="name" x="${right}" y="14" text-anchor="middle">predicted</text>
<text class="name" x="14" y="${TOP + (k * cell) / 2}" text-anchor="middle" transform="rotate(-90 14 ${TOP + (k * cell) / 2})">actual</text>
${classes.map(
  (
    name,
    i,
  ) => html`<text x="${place(LEFT + (i + 0.5) * cell)}" y="${TOP - 8}" text-anchor="middle">${shorten(name, fits)}<title>${name}</title></text>
<text x="${LEFT - 8}" y="${place(TOP + (i + 0.5) * cell + 4)}" text-anchor="end">${shorten(name, NAME_CHARS)}<title>${name}</title></text>`,
)}</g>
<g class="confusion">${classes.map((actual, i) =>
    classes.map((predicted, j) => {
      const share = totals[i] === 0 ? 0 : at(i, j) / totals[i]!;
      const [x, y] = [LEFT + j * cell, TOP + i * cell];
      const about = `actual ${actual}, predicted ${predicted}: ${at(i, j)}, ${formatPercent(share)} of the class`;
      return html`<g><title>${about}</title><rect class="${i === j ? 'right' : 'wrong'}" x="${place(x + 1)}" y="${place(y + 1)}" width="${place(cell - 2)}" height="${place(cell - 2)}" fill-opacity="${shadeOf(share)}"/>${
        hasFigures &&
        html`<text class="${share > 0.5 ? 'strong' : 'weak'}" x="${place(x + cell / 2)}" y="${place(y + cell / 2 + 4)}" text-anchor="middle">${at(i, j)}</text>`
      }</g>`;
    }),
  )}</g>`;
  return figure({
    ...{ id, title, description, width: WIDTH, height: Math.ceil(height), drawing },
    columns: [{ name: 'actual' }, ...classes.map((name) => ({ name: `predicted ${name}`, isNumber: true }))],
    rows: classes.map((name, i) => [name, ...classes.map((_, j) => at(i, j))]),
  });
}

// --- internal ---

/** Nothing is white; a class without a mistake is full. */
function shadeOf(share: number): number {
  return share === 0 ? 0.04 : Number((0.12 + 0.88 * share).toFixed(2));
}

function shorten(name: string, chars: number): string {
  return name.length <= chars ? name : chars === 1 ? name.slice(0, 1) : `${name.slice(0, chars - 1)}…`;
}
