/** A request: rows in, one class per row out, and the distance where the caller asks for it. */
import type { RequestOf } from '@algo/contract';
import { type Centroids, type FeatureRows, findNearest } from './centroids.js';
import type { definition } from './definition.js';

type Request = Pick<RequestOf<typeof definition>, 'outputs'>;

export function predict(centroids: Centroids, rows: FeatureRows, { outputs }: Request) {
  const { classes, distances } = findNearest(centroids, rows);
  return outputs?.includes('distance') ? { score: classes, distance: distances } : { score: classes };
}
