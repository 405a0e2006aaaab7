/**
 * Losses whose gradient at a row depends on that row alone. A loss states its two derivatives and its label rule; the
 * loops over rows and targets are here, once.
 */
import { ClientError } from '@algo/contract';
import { lookAtRow } from '../engine/interruption.js';
import { estimateByNewtonStep, weightedMeans } from './intercept.js';
import { checkLabels, type LabelRule } from './labels.js';
import { SMALLEST_STEP } from './link.js';
import type { GradientSource, KernelLoss, LabelledRows, Objective } from './objective.js';
import type { ObjectiveResponse } from './response.js';

/** Writes the weighted gradient to out[at] and the weighted hessian to out[at + 1]. */
export type PairWriter = (margin: number, label: number, weight: number, out: Float32Array, at: number) => void;

/** What one elementwise loss consists of. */
export interface ElementwiseLoss {
  readonly response: ObjectiveResponse;
  readonly defaultMetric: string;
  readonly labelRule: LabelRule;
  /** base_score is the labels' mean, or one Newton step from 0; with scale_pos_weight always the latter. */
  readonly intercept: 'mean' | 'newton';
  /** Weight factor of rows whose label is 1. Default 1. */
  readonly scalePosWeight?: number;
  /** The kernel's own version for a single target, where there is one. */
  readonly kernel?: KernelLoss['kind'];
  readonly writePair: PairWriter;
}

export function elementwiseObjective(loss: ElementwiseLoss): Objective {
  const { response, defaultMetric } = loss;
  const { name, groupCount: targetCount } = response;
  const objective: Objective = {
    ...response,
    defaultMetric,
    ...(loss.kernel && targetCount === 1 && { kernelLoss: kernelLoss(loss.kernel, loss.scalePosWeight) }),
    checkLabels: (rows) => checkLabels({ targets: targetCount, ...rows }, loss.labelRule, name),
    estimateBaseScore(rows) {
      // The labels' mean does not know scale_pos_weight; one Newton step does.
      const isScaled = Math.abs((loss.scalePosWeight ?? 1) - 1) > SMALLEST_STEP;
      if (loss.intercept === 'newton' || isScaled) return estimateByNewtonStep(objective, rows);
      const means = weightedMeans(rows, targetCount);
      for (const mean of means) checkMean(loss, mean);
      return means;
    },
    prepare: (rows) => elementwiseGradients(loss, rows),
  };
  return objective;
}

// --- internal ---

function kernelLoss(kind: KernelLoss['kind'], scalePositive?: number): KernelLoss {
  return { kind, ...(scalePositive !== undefined && { scalePositive }) };
}

/** A mean of 0 has no logarithm. */
function checkMean({ response }: ElementwiseLoss, mean: number): void {
  const rule = response.baseScoreProblem(mean);
  if (rule === undefined) return;
  throw new ClientError('E_DATA_LABEL', `The labels' mean must be ${rule} for ${response.name}; received ${mean}.`);
}

function elementwiseGradients(loss: ElementwiseLoss, rows: LabelledRows): GradientSource {
  const { writePair } = loss;
  const targetCount = loss.response.groupCount;
  const { labels, weights } = rows;
  const positive = Math.fround(loss.scalePosWeight ?? 1);
  const isScaled = positive !== 1;
  const rowCount = labels.length / targetCount;
  return {
    computeGradients(margins, out) {
      let index = 0;
      for (let row = 0; row < rowCount; row++) {
        lookAtRow(row);
        const weight = weights === undefined ? 1 : weights[row]!;
        for (let target = 0; target < targetCount; target++, index++) {
          const label = labels[index]!;
          const labelWeight = isScaled && label === 1 ? Math.fround(weight * positive) : weight;
          writePair(margins[index]!, label, labelWeight, out, 2 * index);
        }
      }
    },
  };
}
