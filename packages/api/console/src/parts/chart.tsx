/** A line chart by uPlot, with its last values in words for those who do not see it. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber, formatTime } from '../text/format.js';
import { colourOf, onThemeChange } from '../theme.js';

export interface Series {
  readonly name: string;
  /** Null where there is none. */
  readonly values: readonly (number | null)[];
  /** Points instead of a line. */
  readonly isPoints?: boolean;
}

const HEIGHT = 220;
/** As many colours as there are; further series begin again with dashes. */
const COLOURS = 6;
/** Between the marks of an axis of time. */
const CLOCK_SECONDS = [1, 5, 10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600];

interface ChartProps {
  readonly title: string;
  readonly series: readonly Series[];
  /** Of the values, in seconds since 1970. Without them values are drawn by their number: the first is 1. */
  readonly times?: readonly number[];
}

export function Chart({ title, series, times }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const data = dataOf(series, times);
  const latest = useRef(data);
  latest.current = data;
  const names = series.map(({ name }) => name).join('\n');
  // Not all that is used is named: data go in by setData, below
  useEffect(() => {
    const element = box.current!;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(series, times !== undefined, element.clientWidth), latest.current, element);
    };
    draw();
    const observer = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    const unfollow = onThemeChange(draw);
    return () => {
      unfollow();
      observer.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [names]);
  useEffect(() => plot.current?.setData(data));
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div ref={box} role="img" aria-label={describe(title, series)} />
      <ul class="legend">
        {series.map(({ name, values }, i) => (
          <li key={name}>
            <span class={`key series-${(i % COLOURS) + 1} ${keyStyle(series[i]!, i)}`} />
            <span class="legend-name">{name}</span>
            <strong>{lastOf(values)}</strong>
          </li>
        ))}
      </ul>
    </figure>
  );
}

// --- internal ---

function keyStyle({ isPoints = false }: Series, index: number): string {
  if (isPoints) return 'points';
  return index >= COLOURS ? 'dashed' : '';
}

function presentOf(values: Series['values']): readonly number[] {
  return values.filter((value) => value !== null);
}

function lastOf(values: Series['values']): string {
  const last = presentOf(values).at(-1);
  return last === undefined ? '–' : formatNumber(last);
}

function dataOf(series: readonly Series[], times: readonly number[] | undefined): uPlot.AlignedData {
  if (times) return [[...times], ...series.map(({ values }) => [...values])];
  const length = series.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  const steps = Array.from({ length }, (_, i) => i + 1);
  return [steps, ...series.map(({ values }) => steps.map((_, i) => values[i] ?? null))];
}

function optionsOf(series: readonly Series[], hasTimes: boolean, width: number): uPlot.Options {
  const axis: uPlot.Axis = {
    stroke: colourOf('--text-quiet'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: colourOf('--line'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: Math.max(200, width),
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, points: { size: 7 } },
    scales: { x: { time: false } },
    padding: [12, 12, 0, 0],
    axes: [
      {
        ...axis,
        size: 30,
        grid: { show: false },
        ...(hasTimes
          ? {
              incrs: CLOCK_SECONDS,
              space: 80,
              values: (_plot, ticks) => ticks.map((tick) => formatTime(tick).slice(11)),
            }
          : { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000] }),
      },
      { ...axis, size: 64, values: (_plot, ticks) => ticks.map(formatNumber) },
    ],
    series: [
      {},
      ...series.map(({ name, isPoints = false }, i) => ({
        label: name,
        stroke: colourOf(`--series-${(i % COLOURS) + 1}`),
        width: 2,
        spanGaps: hasTimes,
        ...(isPoints && { paths: () => null }),
        ...(i >= COLOURS && { dash: [6, 4] }),
        points: {
          show: (plot: uPlot, at: number) => isPoints || countOf(plot.data[at]!) < 3,
          size: 7,
        },
      })),
    ],
  };
}

/** Of values that are there. */
function countOf(values: ArrayLike<number | null | undefined>): number {
  return Array.from(values).filter((value) => value != null).length;
}

function describe(title: string, series: readonly Series[]): string {
  const parts = series.map(({ name, values }) => {
    const present = presentOf(values);
    if (present.length === 0) return `${name}: no values`;
    const low = present.reduce((a, b) => Math.min(a, b));
    const high = present.reduce((a, b) => Math.max(a, b));
    return `${name}: ${present.length} values from ${formatNumber(low)} to ${formatNumber(high)}, the last ${formatNumber(present.at(-1)!)}`;
  });
  return `Chart of ${title}. ${parts.join('; ')}.`;
}
