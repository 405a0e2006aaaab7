/** A training job: one pass over the texts for the counts, one for the accuracy, then the model is saved. */
import { ClientError, type JobOf } from '@algo/contract';
import type { definition } from './definition.js';
import { MODEL_FILE, modelText } from './model.js';
import { classify, type NaiveBayes, WordCounts } from './naive-bayes.js';
import { type TextChannel, textsOf } from './texts.js';

export async function train(job: JobOf<typeof definition>): Promise<void> {
  const { train: training, validation } = job.channels;
  const counts = new WordCounts();
  for await (const text of textsOf(training)) {
    counts.add(text);
    if (await job.stop.check()) break; // what was read so far still makes a model
  }
  const model = counts.finish(job.hyperparameters.smoothing);
  if (model.labels.length === 0) throw new ClientError('E_DATA_EMPTY', 'Channel "train" must have texts; it has none.');
  job.log.info(`labels=${model.labels.length} words=${Object.keys(model.words).length}`);
  job.metrics.write({ 'train:accuracy': await accuracy(training, model) });
  if (validation) job.metrics.write({ 'validation:accuracy': await accuracy(validation, model) });
  await job.saveModel({ files: { [MODEL_FILE]: modelText(model) } });
}

// --- internal ---

/** Share of the channel's texts whose label is found. */
async function accuracy(channel: TextChannel, model: NaiveBayes): Promise<number> {
  let [texts, hits] = [0, 0];
  for await (const { text, label } of textsOf(channel)) {
    texts++;
    if (classify(model, text).label === label) hits++;
  }
  if (texts === 0) throw new ClientError('E_DATA_EMPTY', `Channel "${channel.name}" must have texts; it has none.`);
  return hits / texts;
}
