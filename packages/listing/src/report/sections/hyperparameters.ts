/** The hyperparameters of the training job: what was given, and of all others their default and range. */
import type { AlgorithmDescription } from '@algo/local';
import { type Content, html } from '../page/html.js';
import { count } from '../page/numbers.js';
import { leftOut, type Section } from '../page/section.js';
import { dataTable } from '../page/table.js';
import type { ValidationRecord } from '../record.js';

export function hyperparameterSection({ description, profile }: ValidationRecord): Section {
  const title = 'Hyperparameters';
  const supported = description.TrainingSpecification?.SupportedHyperParameters ?? [];
  if (!profile.trainingJob) return { id: 'hyperparameters', title, body: leftOut('a model package has none.') };
  if (supported.length === 0) return { id: 'hyperparameters', title, body: leftOut('the algorithm has none.') };
  const given = profile.trainingJob.hyperparameters;
  const [set, unset] = [
    supported.filter(({ Name }) => Name in given),
    supported.filter(({ Name }) => !(Name in given)),
  ];
  return {
    id: 'hyperparameters',
    title,
    body: html`${set.length === 0 ? html`<p>The training job had none: each has its default.</p>` : table('Hyperparameters of the training job', set, given)}
${
  unset.length > 0 &&
  html`<details><summary>${count(unset.length, 'hyperparameter')} not given</summary>${table('Hyperparameters with their default', unset, given)}</details>`
}`,
  };
}

// --- internal ---

type Hyperparameter = NonNullable<AlgorithmDescription['TrainingSpecification']>['SupportedHyperParameters'][number];

function table(caption: string, rows: readonly Hyperparameter[], given: Readonly<Record<string, string>>): Content {
  return dataTable({
    caption,
    columns: [
      ...[{ name: 'name' }, { name: 'given' }, { name: 'default' }, { name: 'range' }, { name: 'type' }],
      { name: 'what it is' },
    ],
    rows: rows.map((row) => [
      html`<code>${row.Name}</code>`,
      given[row.Name],
      textOf(row.DefaultValue),
      rangeOf(row),
      row.Type,
      textOf(row.Description),
    ]),
  });
}

/** In the words of CreateAlgorithm: a range of numbers, or values. */
function rangeOf({ Range }: Hyperparameter): string {
  if (typeof Range !== 'object' || Range === null) return '';
  const [range] = Object.values(Range) as readonly {
    MinValue?: string;
    MaxValue?: string;
    Values?: readonly string[];
  }[];
  if (range?.Values) return range.Values.join(', ');
  return range?.MinValue === undefined ? '' : `${range.MinValue} to ${range.MaxValue}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
