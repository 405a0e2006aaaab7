/** A request: rows in, one class per row out, and the distance where the caller asks for it. */
import type { PredictRequest } from '@algo/contract';
import { type Centroids, type FeatureRows, findNearest } from './centroids.js';

export function predict(centroids: Centroids, rows: FeatureRows, { outputs }: Pick<PredictRequest, 'outputs'>) {
  const { classes, distances } = findNearest(centroids, rows);
  return outputs?.includes('distance') ? { score: classes, distance: distances } : { score: classes };
}
