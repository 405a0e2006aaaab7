/** The head of the page: the product's name, a sentence about it, and the numbers that a buyer looks for first. */
import type { Material } from '../../material.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { Found } from '../evaluation/left.js';
import { measureClassification, measureRegression } from '../evaluation/measures.js';
import { type Content, html } from '../page/html.js';
import { count, formatBytes, formatNumber, formatPercent, formatScore, formatSeconds } from '../page/numbers.js';
import type { Page } from '../page/page.js';
import type { ValidationRecord } from '../record.js';

export function headerOf(
  record: ValidationRecord,
  { productFile }: Material,
  evaluation: Found<Evaluation>,
): Pick<Page, 'title' | 'description' | 'header' | 'footer'> {
  const { validation, description } = record;
  const { product } = productFile;
  const title = product?.title ?? validation.algorithm;
  const lead = product?.shortDescription ?? description.Description;
  const day = validation.startedAt.slice(0, 10);
  return {
    title: `${title}: validation report`,
    description: lead,
    header: html`<h1>${title}</h1>
<p class="meta"><code>${validation.algorithm}</code> ${validation.version} · <span class="badge ${validation.result}">validation ${validation.result}</span> · <time datetime="${validation.startedAt}">${day}</time></p>
<p class="lead">${lead}</p>
${product && html`<ul>${product.highlights.map((highlight) => html`<li>${highlight}</li>`)}</ul>`}
${validation.cause !== undefined && html`<p class="failed">${validation.cause}</p>`}
<dl class="tiles">${[...qualityTiles(evaluation), ...recordTiles(record)].map(
      ({
        name,
        value,
        note,
      }) => html`<div><dt>${name}</dt><dd>${value}${note !== undefined && html`<small>${note}</small>`}</dd></div>
`,
    )}</dl>`,
    footer: html`<p>Made by <code>algo report</code> from the validation of ${day}. Times are of the machine that validated, not of SageMaker's instances.</p>`,
  };
}

// --- internal ---

interface Tile {
  readonly name: string;
  readonly value: Content;
  readonly note?: string;
}

function qualityTiles(evaluation: Found<Evaluation>): readonly Tile[] {
  if (!('value' in evaluation)) return [];
  const { holdOut, outcome } = evaluation.value;
  const note = `${count(holdOut.labels.length, 'row')} held out`;
  if (outcome.task === 'regression') {
    const { rmse, r2 } = measureRegression(outcome);
    return [
      { name: 'RMSE', value: formatNumber(rmse), note },
      ...(Number.isNaN(r2) ? [] : [{ name: 'R²', value: formatNumber(r2), note }]),
    ];
  }
  const { accuracy, auc } = measureClassification(outcome);
  return [
    { name: 'Accuracy', value: formatPercent(accuracy), note },
    ...(auc === undefined ? [] : [{ name: 'AUC', value: formatScore(auc), note }]),
  ];
}

/** What the step itself says: its own time has the unpacking of the model, too. */
const READY = /^\/ping 200 after ([\d.]+) s/;

function recordTiles({ validation, modelBytes }: ValidationRecord): readonly Tile[] {
  const passed = (name: string) => validation.steps.find(({ step, result }) => step === name && result === 'passed');
  const training = passed('training job');
  const ready = READY.exec(passed('endpoint')?.text ?? '')?.[1];
  return [
    ...(training ? [{ name: 'Training job', value: formatSeconds(training.seconds), note: 'on the sample data' }] : []),
    ...(ready === undefined ? [] : [{ name: 'Start to first /ping', value: `${ready} s` }]),
    ...(modelBytes === undefined ? [] : [{ name: 'Model', value: formatBytes(modelBytes), note: 'model.tar.gz' }]),
  ];
}
