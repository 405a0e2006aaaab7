/** The steps of the validation with their times, its logs, and how to run it again. */
import { type Content, html } from '../page/html.js';
import { count, formatSeconds } from '../page/numbers.js';
import { leftOut, type Section } from '../page/section.js';
import { dataTable, factList } from '../page/table.js';
import type { ValidationRecord } from '../record.js';

export type Scrub = (text: string) => string;

export function stepSection({ validation }: ValidationRecord, scrub: Scrub): Section {
  return {
    id: 'validation',
    title: 'Validation, step by step',
    body: html`<p>What AWS Marketplace does to validate a product, and requests in real time, on one machine: ${formatSeconds(validation.seconds)} in all.${
      validation.result === 'passed' && ' Each output was compared with the stored sample.'
    }</p>
${dataTable({
  caption: 'Steps of the validation',
  columns: [{ name: 'step' }, { name: 'result' }, { name: 'time', isNumber: true }, { name: 'what was checked' }],
  rows: validation.steps.map(({ step, result, seconds, text }) => [
    step,
    html`<span class="${result}">${result}</span>`,
    result === 'skipped' ? '' : formatSeconds(seconds),
    scrub(text),
  ]),
})}`,
  };
}

/** Lines of a log; of a longer one the first and last. */
const LOG_LINES = { first: 60, last: 60 };

export function logSection({ trainingLog, serverLog }: ValidationRecord, scrub: Scrub): Section {
  return {
    id: 'logs',
    title: 'Logs',
    body: html`${logOf('Training job', trainingLog, scrub)}${logOf('Endpoint', serverLog, scrub)}`,
  };
}

export function reproduceSection(record: ValidationRecord, commands: readonly string[]): Section {
  const { validation } = record;
  const { commit, versions, digests } = validation;
  const inputs = Object.entries(digests.inputs);
  return {
    id: 'reproduce',
    title: 'Reproduce this page',
    body: html`<pre tabindex="0" role="region" aria-label="Commands">${commands.join('\n')}</pre>
${factList([
  ['Algorithm', `${validation.algorithm} ${validation.version}`],
  [
    'Commit',
    commit
      ? html`<code>${commit.id}</code>${commit.isChanged && ', with changes that are in no commit'}`
      : 'not known: the algorithm was in no git repository',
  ],
  ['Node.js', versions.node ?? 'the program is not JavaScript'],
  ['Tools', `@algo/local ${versions.local}`],
  ['Validated', validation.startedAt],
  ['Model', digests.model === undefined ? 'in the image' : html`sha256 <code>${digests.model}</code>`],
])}
<details><summary>SHA-256 of ${count(inputs.length, 'input')}</summary>${dataTable({
      caption: 'Digests of the inputs',
      columns: [{ name: 'file' }, { name: 'sha256' }],
      rows: inputs.map(([file, digest]) => [html`<code>${file}</code>`, html`<code>${digest}</code>`]),
    })}</details>`,
  };
}

// --- internal ---

function logOf(name: string, log: string | undefined, scrub: Scrub): Content {
  if (log === undefined) return html`<h3>${name}</h3>${leftOut('there is no log of it.')}`;
  const lines = scrub(log).trimEnd().split('\n');
  const { first, last } = LOG_LINES;
  const omitted = lines.length - first - last;
  const shown = omitted > 0 ? [...lines.slice(0, first), `… ${omitted} more lines …`, ...lines.slice(-last)] : lines;
  return html`<h3>${name}</h3>
<details><summary>${count(lines.length, 'line')} of ${name.toLowerCase()}</summary><pre tabindex="0" role="region" aria-label="Log of the ${name.toLowerCase()}">${shown.join('\n')}</pre></details>`;
}
