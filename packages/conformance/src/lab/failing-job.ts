/** A job that must fail: as the profile says, or with files that are no data. */
import { listFiles } from '@algo/local';
import type { JobChange } from '../profile/profile.js';
import { NotTried } from '../verdict.js';
import { putFile } from './files.js';
import type { Setup } from './setup.js';
import { runTraining, type TrainingRun, type TrainingVariant } from './training.js';

export interface FailedJob extends TrainingRun {
  /** In words, for messages. */
  readonly cause: string;
}

/** Bytes that are no text, no number and no file format. */
export const NO_DATA = Buffer.from(Array.from({ length: 1024 }, (_, i) => (i * 151 + 128) & 0xff));

/** @throws NotTried when the job of files that are no data completes, and has no failure text: its container takes any data */
export async function runFailingJob(
  setup: Setup,
  plain: TrainingVariant,
  change: JobChange | undefined,
): Promise<FailedJob> {
  if (change) {
    const hyperparameters = { ...plain.hyperparameters, ...change.hyperparameters };
    const channels = change.channels ?? plain.channels;
    return {
      ...(await runTraining(setup, { ...plain, hyperparameters, channels })),
      cause: "the profile's failingJob",
    };
  }
  const run = await runTraining(setup, {
    ...plain,
    edit(tree) {
      for (const { path } of listFiles(tree.data, 'Data')) putFile(path, NO_DATA);
    },
  });
  if (run.exit.exitCode === 0 && run.failure === undefined) {
    throw new NotTried('the job with files that are no data completes; give a failingJob');
  }
  return { ...run, cause: 'files that are no data' };
}
