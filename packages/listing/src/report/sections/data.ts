/** The training data, column by column. */
import type { ValidationProfile } from '@algo/local';
import { barChart } from '../charts/bar-chart.js';
import { histogramChart, smallHistogram } from '../charts/histogram.js';
import type { Found } from '../evaluation/left.js';
import { type Content, html } from '../page/html.js';
import { count, formatBytes, formatNumber } from '../page/numbers.js';
import { orReason, type Section } from '../page/section.js';
import { dataTable } from '../page/table.js';
import type { ColumnProfile, DataProfile } from '../profile/data-profile.js';
import { className } from './names.js';

/** Columns that are seen without opening the rest. */
const SHOWN = 16;

export function dataSection(profile: ValidationProfile, found: Found<DataProfile>): Section {
  return { id: 'data', title: 'Training data', body: orReason(found, (data) => show(profile, data)) };
}

// --- internal ---

function show(profile: ValidationProfile, { channel, rows, files, bytes, columns }: DataProfile): Content {
  const [label, ...features] = columns;
  const missing = columns.reduce((sum, column) => sum + column.missing, 0);
  const rest = features.slice(SHOWN);
  return html`<p>The channel <code>${channel}</code> has ${count(rows, 'row')} of ${count(columns.length, 'column')} in ${count(files, 'file')}
(${formatBytes(bytes)}); ${missing === 0 ? 'no value is missing' : `${count(missing, 'value')} missing`}. The first column is the label${label!.name !== 'label' && html`, <b>${label!.name}</b>`}.</p>
<div class="charts">${labelChart(profile, label!)}</div>
${columnTable('Columns of the training data', [label!, ...features.slice(0, SHOWN)])}
${
  rest.length > 0 &&
  html`<details><summary>${count(rest.length, 'more column')}</summary>${columnTable('Further columns of the training data', rest)}</details>`
}`;
}

function labelChart(profile: ValidationProfile, label: ColumnProfile): Content {
  const title = label.name === 'label' ? 'Distribution of the label' : `Distribution of the label ${label.name}`;
  if (label.values.length > 0) {
    const values = label.range ? label.values.toSorted((a, b) => Number(a.value) - Number(b.value)) : label.values;
    const bars = values.map(({ value, count: rows }) => ({ name: className(profile, value), value: rows }));
    const description = `The most frequent value is ${className(profile, label.values[0]!.value)} with ${label.values[0]!.count} rows, of ${label.distinct} different ones.`;
    return barChart({ id: 'label', title, description, item: label.name, measure: 'rows', bars });
  }
  if (label.bins.length === 0) return undefined;
  const { min, median, max } = label.range!;
  const description = `From ${formatNumber(min)} to ${formatNumber(max)}, half of the rows below ${formatNumber(median)}.`;
  return histogramChart({ id: 'label', title, description, x: label.name, bins: label.bins });
}

function columnTable(caption: string, columns: readonly ColumnProfile[]): Content {
  return dataTable({
    caption,
    columns: [
      { name: 'column' },
      { name: 'type' },
      ...['missing', 'distinct', 'min', 'median', 'mean', 'max', 'std. dev.'].map((name) => ({ name, isNumber: true })),
      { name: 'distribution' },
    ],
    rows: columns.map((column) => {
      const { name, type, missing, distinct, range } = column;
      const numbers = range
        ? [range.min, range.median, range.mean, range.max, range.deviation]
        : Array(5).fill(undefined);
      return [
        name,
        type,
        missing,
        distinct,
        ...numbers.map((value) => value !== undefined && formatNumber(value)),
        shapeOf(column),
      ];
    }),
  });
}

function shapeOf({ name, bins, values }: ColumnProfile): Content {
  if (bins.length > 0)
    return smallHistogram(
      bins.map((bin) => bin.count),
      `Histogram of ${name}`,
    );
  const shown = values.slice(0, 3).map(({ value, count: number }) => `${value.slice(0, 30)} (${number})`);
  return `${shown.join(', ')}${values.length > 3 ? ', …' : ''}`;
}
