/** How training went: the metrics over its rounds, and their last values. */
import { lineChart } from '../charts/line-chart.js';
import { type Content, html } from '../page/html.js';
import { count, formatNumber } from '../page/numbers.js';
import { leftOut, type Section } from '../page/section.js';
import { dataTable } from '../page/table.js';
import { type CurveGroup, curvesOf } from '../profile/curves.js';
import type { ValidationRecord } from '../record.js';

export function trainingSection(record: ValidationRecord): Section {
  return { id: 'training', title: 'Training', body: show(record) };
}

// --- internal ---

function show(record: ValidationRecord): Content {
  const { profile, metrics, validation } = record;
  if (!profile.trainingJob) return leftOut('a model package is not trained in its validation.');
  if (metrics.length === 0) return leftOut('no metric of the definition is in the log of the training job.');
  const groups = curvesOf(record);
  const finals = Object.entries(validation.metrics);
  return html`${
    groups.length === 0
      ? html`<p>Each metric was logged once, at the end, so there are no curves.</p>`
      : html`<div class="charts">${groups.map(chart)}</div>`
  }
<h3>Last values</h3>
${dataTable({
  caption: 'Last value of each metric',
  columns: [{ name: 'metric' }, { name: 'last value', isNumber: true }, { name: 'must be' }],
  rows: finals.map(([name, value]) => [
    html`<code>${name}</code>`,
    formatNumber(value),
    boundOf(profile.metricBounds[name]),
  ]),
})}`;
}

function chart({ name, counter, curves }: CurveGroup, index: number): Content {
  const described = curves.map(({ metric, points }) => {
    const [first, last] = [points[0]!, points.at(-1)!];
    return `${metric} goes from ${formatNumber(first[1])} to ${formatNumber(last[1])} in ${count(points.length, 'value')}.`;
  });
  return lineChart({
    id: `curve-${index + 1}`,
    title: curves.length === 1 ? curves[0]!.metric : name,
    description: described.join(' '),
    x: { name: counter },
    y: { name },
    series: curves.map(({ metric, points }) => ({ name: metric, points })),
  });
}

function boundOf(
  bound: { readonly atMost?: number | undefined; readonly atLeast?: number | undefined } | undefined,
): string {
  const { atMost, atLeast } = bound ?? {};
  return [atLeast !== undefined && `≥ ${atLeast}`, atMost !== undefined && `≤ ${atMost}`].filter(Boolean).join(', ');
}
