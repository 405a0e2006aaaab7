/** A training job: one pass over the rows for the means, one for the accuracy, then the model is saved. */
import { type Channel, type JobOf, placeOfRow } from '@algo/contract';
import { CentroidSums, type Centroids, findNearest } from './centroids.js';
import type { definition } from './definition.js';
import { MODEL_FILE, modelText } from './model.js';

export async function train(job: JobOf<typeof definition>): Promise<void> {
  const { standardize } = job.hyperparameters;
  const { train: training, validation } = job.channels;
  const sums = new CentroidSums();
  for await (const block of training.blocks()) {
    sums.add(training, block);
    if (await job.stop.check()) break; // what was read so far still makes a model
  }
  const centroids = sums.finish(standardize);
  job.log.info(`classes=${centroids.classes.length} columns=${centroids.featureCount}`);
  job.metrics.write({ 'train:accuracy': await accuracy(training, centroids) });
  if (validation) job.metrics.write({ 'validation:accuracy': await accuracy(validation, centroids) });
  await job.saveModel({
    files: { [MODEL_FILE]: modelText(centroids) },
    featureCount: centroids.featureCount,
  });
}

// --- internal ---

/** Share of the channel's rows whose class is the nearest one. */
async function accuracy(channel: Channel, centroids: Centroids): Promise<number> {
  let [rows, hits] = [0, 0];
  for await (const block of channel.blocks({ featureCount: centroids.featureCount })) {
    const { classes } = findNearest(centroids, block, (row) => placeOfRow(channel, block, row));
    hits += classes.reduce((sum, found, row) => sum + (found === block.labels[row] ? 1 : 0), 0);
    rows += block.rows;
  }
  return hits / rows;
}
