/** How well the model predicts rows with known labels. */
import type { ValidationProfile } from '@algo/local';
import { confusionChart } from '../charts/confusion-chart.js';
import { lineChart } from '../charts/line-chart.js';
import { scatterChart } from '../charts/scatter-chart.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { Found } from '../evaluation/left.js';
import { areaUnderCurve, measureClassification, measureRegression, rocOf } from '../evaluation/measures.js';
import type { Classification, Regression } from '../evaluation/outcome.js';
import { type Content, html } from '../page/html.js';
import { count, formatNumber, formatPercent, formatScore } from '../page/numbers.js';
import { orReason, type Section } from '../page/section.js';
import { dataTable, factList } from '../page/table.js';
import { className, labelName } from './names.js';

export function qualitySection(profile: ValidationProfile, found: Found<Evaluation>): Section {
  return {
    id: 'quality',
    title: 'Quality of predictions',
    body: orReason(found, (evaluation) => show(profile, evaluation)),
  };
}

// --- internal ---

function show(profile: ValidationProfile, { holdOut, outcome }: Evaluation): Content {
  const { path, channel, labels, isPart } = holdOut;
  return html`<p>${count(labels.length, 'row')} of <code>${path}</code> were sent to the served model without their label, and its answers
compared with the labels.${isPart && ' The rows after them were not sent.'}
${
  channel !== undefined &&
  html`They are the channel <code>${channel}</code> of the training job: the model was not fitted to them, but a job may use them to stop early or to choose its best round.`
}</p>
${outcome.task === 'regression' ? regression(outcome, labelName(profile)) : classification(profile, outcome)}`;
}

/** @param label what is predicted, after a space */
function regression(outcome: Regression, label: string): Content {
  const { rmse, mae, medianError, largestError, r2 } = measureRegression(outcome);
  const { actual, predicted } = outcome;
  const fit = `Root mean squared error ${formatNumber(rmse)}, R² ${formatNumber(r2)}.`;
  return html`${factList([
    ['Root mean squared error', formatNumber(rmse)],
    ['Mean absolute error', formatNumber(mae)],
    ['Median absolute error', formatNumber(medianError)],
    ['Largest absolute error', formatNumber(largestError)],
    ['R²', Number.isNaN(r2) ? 'not defined: all labels are equal' : formatNumber(r2)],
  ])}
<div class="charts">${scatterChart({
    ...{ id: 'predicted', title: 'Predicted against actual', reference: 'equality' },
    ...{ x: `actual${label}`, y: `predicted${label}` },
    description: `Each point is a row; on the dotted line the prediction is right. ${fit}`,
    points: actual.map((value, i) => [value, predicted[i]!]),
  })}${scatterChart({
    ...{ id: 'residuals', title: 'Error by prediction', reference: 'zero' },
    ...{ x: `predicted${label}`, y: 'predicted − actual' },
    description: `Each point is a row; above the dotted line the prediction is too high. The largest error is ${formatNumber(largestError)}.`,
    points: predicted.map((value, i) => [value, value - actual[i]!]),
  })}</div>`;
}

function classification(profile: ValidationProfile, outcome: Classification): Content {
  const measures = measureClassification(outcome);
  const { accuracy, balancedAccuracy, logLoss, auc, confusion } = measures;
  const names = outcome.classes.map((label) => className(profile, label));
  const wrong = outcome.actual.filter((own, i) => outcome.predicted[i] !== own).length;
  const isBinary = names.length === 2;
  const hasAreas = measures.classes.some((one) => one.auc !== undefined); // not without scores
  return html`${factList([
    ['Accuracy', `${formatPercent(accuracy)} (${count(wrong, 'mistake')} in ${count(outcome.actual.length, 'row')})`],
    ['Balanced accuracy', formatPercent(balancedAccuracy)],
    ...(auc === undefined
      ? []
      : [[`AUC${isBinary ? '' : ', mean of one against the rest'}`, formatScore(auc)] as const]),
    ...(logLoss === undefined ? [] : [['Log loss', formatNumber(logLoss)] as const]),
  ])}
<div class="charts">${confusionChart({
    ...{ id: 'confusion', title: 'Confusion matrix', classes: names, counts: confusion },
    description: `Rows of each actual class by the class that was predicted. ${count(wrong, 'row')} of ${outcome.actual.length} off the diagonal.`,
  })}${rocChart(outcome, names, auc)}</div>
${dataTable({
  caption: 'Quality by class',
  columns: [
    { name: 'class' },
    ...['rows', 'precision', 'recall', 'F1', ...(hasAreas ? ['AUC'] : [])].map((name) => ({ name, isNumber: true })),
  ],
  rows: measures.classes.map(({ rows, precision, recall, f1, auc: own }, i) => [
    names[i]!,
    rows,
    ...[precision, recall, f1].map((share) => (Number.isNaN(share) ? 'not defined' : formatPercent(share))),
    ...(hasAreas ? [own !== undefined && formatScore(own)] : []),
  ]),
})}`;
}

/** Of class 1 of two; of more, one curve for each class against the rest. */
function rocChart(
  { actual, probabilities }: Classification,
  names: readonly string[],
  auc: number | undefined,
): Content {
  if (!probabilities || auc === undefined) return undefined;
  const chosen = names.length === 2 ? [1] : names.map((_, c) => c);
  const curves = chosen.flatMap((c) => {
    const points = rocOf(
      probabilities.map((row) => row[c]!),
      actual.map((own) => own === c),
    );
    return points.length === 0 ? [] : [{ name: `${names[c]}: AUC ${formatScore(areaUnderCurve(points)!)}`, points }];
  });
  const what = names.length === 2 ? `for the class ${names[1]}` : 'for each class against the rest';
  return lineChart({
    ...{ id: 'roc', title: `ROC curve ${what}`, isUniform: curves.length > 6 },
    description: `Share of found positives over the share of false alarms. Area under the curve: ${formatScore(auc)}; on the dotted line it would be 0.5.`,
    x: { name: 'false positive rate', domain: [0, 1] },
    y: { name: 'true positive rate', domain: [0, 1] },
    reference: [0, 0, 1, 1],
    series: curves,
  });
}
