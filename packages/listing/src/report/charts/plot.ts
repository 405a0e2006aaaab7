/** The frame of a chart: axes with their ticks, grid and names around an area that the marks are drawn into. */
import { type Content, type Html, html } from '../page/html.js';
import { formatNumber } from '../page/numbers.js';
import { linearScale, type Scale, type ScaleOptions } from './scale.js';

export interface Axis extends ScaleOptions {
  readonly name: string;
  readonly domain: readonly [number, number];
}

export interface Plot {
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
  /** The frame around marks. */
  frame(marks: Content): Html;
}

const [WIDTH, HEIGHT] = [460, 300];
const MARGIN = { top: 10, right: 14, bottom: 46, left: 72 };

export function createPlot(xAxis: Axis, yAxis: Axis): Plot {
  const [left, right, top, bottom] = [MARGIN.left, WIDTH - MARGIN.right, MARGIN.top, HEIGHT - MARGIN.bottom];
  const x = linearScale(xAxis.domain, [left, right], xAxis);
  const y = linearScale(yAxis.domain, [bottom, top], yAxis);
  const middle = (top + bottom) / 2;
  return {
    ...{ width: WIDTH, height: HEIGHT, x, y },
    frame: (marks) => html`<g class="grid">${y.ticks.map((tick) => line(left, y.at(tick), right, y.at(tick)))}</g>
<g class="axis">${line(left, bottom, right, bottom)}
${x.ticks.map((tick) => html`<text x="${place(x.at(tick))}" y="${bottom + 18}" text-anchor="middle">${formatNumber(tick)}</text>`)}
${y.ticks.map((tick) => html`<text x="${left - 8}" y="${place(y.at(tick) + 4)}" text-anchor="end">${formatNumber(tick)}</text>`)}
<text class="name" x="${(left + right) / 2}" y="${HEIGHT - 6}" text-anchor="middle">${xAxis.name}</text>
<text class="name" x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${yAxis.name}</text></g>
${marks}`,
  };
}

export function line(x1: number, y1: number, x2: number, y2: number): Html {
  return html`<line x1="${place(x1)}" y1="${place(y1)}" x2="${place(x2)}" y2="${place(y2)}"/>`;
}

/** To a tenth of a unit, which is finer than a screen. */
export function place(value: number): number {
  return Math.round(value * 10) / 10;
}

/** A line through points. */
export function pathOf(points: readonly (readonly [x: number, y: number])[]): string {
  return points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${place(x)} ${place(y)}`).join('');
}
