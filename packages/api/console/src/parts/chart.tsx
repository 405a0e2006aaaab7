/** A line chart by uPlot, with its last values in words for those who do not see it. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { formatNumber } from '../text/format.js';
import { colourOf, onThemeChange } from '../theme.js';

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
  /** Points instead of a line. */
  readonly isPoints?: boolean;
}

const HEIGHT = 220;
/** As many colours as there are; further series begin again with dashes. */
const COLOURS = 6;

/** Values by their number: the first is 1. */
export function Chart({ title, series }: { readonly title: string; readonly series: readonly Series[] }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const data = dataOf(series);
  const latest = useRef(data);
  latest.current = data;
  const names = series.map(({ name }) => name).join('\n');
  // Not all that is used is named: data go in by setData, below
  useEffect(() => {
    const element = box.current!;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsOf(series, element.clientWidth), latest.current, element);
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
            <strong>{values.length > 0 ? formatNumber(values.at(-1)!) : '–'}</strong>
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

function dataOf(series: readonly Series[]): uPlot.AlignedData {
  const length = series.reduce((longest, { values }) => Math.max(longest, values.length), 0);
  const steps = Array.from({ length }, (_, i) => i + 1);
  return [steps, ...series.map(({ values }) => steps.map((_, i) => values[i] ?? null))];
}

function optionsOf(series: readonly Series[], width: number): uPlot.Options {
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
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10_000, 100_000],
      },
      { ...axis, size: 64, values: (_plot, ticks) => ticks.map(formatNumber) },
    ],
    series: [
      {},
      ...series.map(({ name, isPoints = false }, i) => ({
        label: name,
        stroke: colourOf(`--series-${(i % COLOURS) + 1}`),
        width: 2,
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
    if (values.length === 0) return `${name}: no values`;
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return `${name}: ${values.length} values from ${formatNumber(low)} to ${formatNumber(high)}, the last ${formatNumber(values.at(-1)!)}`;
  });
  return `Chart of ${title}. ${parts.join('; ')}.`;
}
