/** One model of an archive, compiled for prediction. Explanations and leaves are prepared when first asked for. */
import { ClientError } from '@algo/contract';
import type { Ensemble } from '../ensemble/tree.js';
import { isLinear, type LinearModel, type XgboostModel } from '../model/index.js';
import {
  bestRange,
  compilePredictor,
  createExplainer,
  type Explainer,
  linearContributions,
  linearMargins,
  walkLeaves,
} from '../predict/index.js';

/** What can be asked of a model; rows are [rows × features] float32, row-major, NaN missing. */
export interface Member {
  /** @returns [rows × groups] */
  margins(rows: Float32Array): Float32Array;
  /** Node index of each row's leaf in each tree, [rows × trees]. @throws ClientError for a linear model */
  leaves(rows: Float32Array): Int32Array;
  /** @returns [rows × groups × (features + 1)] */
  contributions(rows: Float32Array): Float32Array;
  /** @returns [rows × groups × (features + 1) × (features + 1)] @throws ClientError for a linear model */
  interactions(rows: Float32Array): Float32Array;
  /** Ends the threads of its predictions. */
  close(): void;
}

/**
 * Uses the rounds up to the best one when the model knows it, as XGBoost's container does.
 * @param threads of predictions on many rows; default 1
 * @param warn    called with one line when a helper thread has ended
 */
export function compileMember(model: XgboostModel, threads = 1, warn?: (line: string) => void): Member {
  return isLinear(model) ? linearMember(model) : treeMember(model, threads, warn);
}

// --- internal ---

function treeMember(ensemble: Ensemble, threads: number, warn: ((line: string) => void) | undefined): Member {
  const range = bestRange(ensemble);
  const predictor = compilePredictor(ensemble, range, threads, warn);
  let explainer: Explainer | undefined;
  const explain = () => {
    explainer ??= createExplainer(ensemble, range);
    return explainer;
  };
  return {
    margins: (rows) =>
      rows.length === ensemble.featureCount ? predictor.marginsOfRow(rows).slice() : predictor.margins(rows),
    leaves: (rows) => walkLeaves(ensemble, rows, range),
    contributions: (rows) => explain().contributions(rows),
    interactions: (rows) => explain().interactions(rows),
    close: () => predictor.close(),
  };
}

function linearMember(model: LinearModel): Member {
  const refuse = (output: string) => (): never => {
    throw new ClientError(
      'E_REQUEST_OUTPUT',
      `Output "${output}" needs a tree model; this one is linear (booster gblinear). Request contributions instead.`,
    );
  };
  return {
    margins: (rows) => linearMargins(model, rows),
    leaves: refuse('leaves'),
    contributions: (rows) => linearContributions(model, rows),
    interactions: refuse('interactions'),
    close: () => undefined,
  };
}
