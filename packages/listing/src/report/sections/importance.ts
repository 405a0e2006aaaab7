/** Which columns matter: by the served model's answers, and by the algorithm's own account where it gives one. */
import type { ValidationProfile } from '@algo/local';
import { barChart } from '../charts/bar-chart.js';
import type { Evaluation } from '../evaluation/evaluate.js';
import type { PermutationImportance } from '../evaluation/importance.js';
import type { Found } from '../evaluation/left.js';
import { type Content, html } from '../page/html.js';
import { count, formatNumber } from '../page/numbers.js';
import { leftOut, orReason, type Section } from '../page/section.js';
import type { OwnImportance } from '../profile/own-importance.js';
import { featureName } from './names.js';

const SHOWN = 15;

export function importanceSection(
  profile: ValidationProfile,
  evaluation: Found<Evaluation>,
  own: Found<OwnImportance>,
): Section {
  const permuted: Found<PermutationImportance> = 'value' in evaluation ? evaluation.value.importance : evaluation;
  const size = 'value' in permuted ? permuted.value.features.length : undefined;
  return {
    id: 'importance',
    title: 'Feature importance',
    body: html`${orReason(permuted, introduce)}<div class="charts">${
      'value' in permuted && permutedChart(profile, permuted.value)
    }${'value' in own && ownChart(profile, own.value, size)}</div>`,
  };
}

// --- internal ---

function isWithoutEffect({ features }: PermutationImportance): boolean {
  return features.every(({ increase }) => increase === 0);
}

function introduce(found: PermutationImportance): Content {
  const { loss, baseline, repeats, rows, features } = found;
  if (isWithoutEffect(found)) return leftOut('no column changes the predictions when it is shuffled.');
  const rest = features.length - SHOWN;
  return html`<p>How much the ${loss} of ${count(rows, 'row')} grows from ${formatNumber(baseline)} when one column is shuffled among
the rows, the mean of ${count(repeats, 'shuffle')}${repeats > 1 && ' with its standard deviation as a line'}. Columns that carry the same
information share it, so that each of them looks less important than all together.${rest > 0 && ` The ${rest} columns with less are not shown.`}</p>`;
}

function permutedChart(profile: ValidationProfile, found: PermutationImportance): Content {
  if (isWithoutEffect(found)) return undefined;
  const { loss, features } = found;
  const bars = features
    .map(({ increase, deviation }, i) => ({
      name: featureName(profile, i, features.length),
      value: increase,
      deviation,
    }))
    .sort((a, b) => b.value - a.value);
  return barChart({
    ...{ id: 'permutation', title: 'Permutation importance', item: 'feature', measure: `increase of the ${loss}` },
    description: `${bars[0]!.name} matters most: without its values the ${loss} is ${formatNumber(bars[0]!.value)} higher.`,
    bars: bars.slice(0, SHOWN),
  });
}

function ownChart(profile: ValidationProfile, { measure, features }: OwnImportance, size: number | undefined): Content {
  const bars = features
    .map(({ name, index, value }) => ({
      name: index === undefined || size === undefined ? name : featureName(profile, index, size),
      value,
    }))
    .sort((a, b) => b.value - a.value);
  if (bars.length === 0) return undefined;
  return barChart({
    ...{ id: 'own-importance', title: `The model's own importance: ${measure}`, item: 'feature', measure },
    description: `As the training job reports it in feature-importance.json: ${bars[0]!.name} has the largest ${measure}.`,
    bars: bars.slice(0, SHOWN),
  });
}
