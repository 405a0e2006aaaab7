/** The training jobs that rules look at. Each of those that several rules look at runs once. */
import type { ConformanceProfile } from '../profile/profile.js';
import { need } from '../verdict.js';
import { type CheckpointedJob, type ResumedJob, resumeJob, runCheckpointedJob } from './checkpoints.js';
import { type FailedJob, runFailingJob } from './failing-job.js';
import { type Setup, withEnoughRoot } from './setup.js';
import { runLongJob, type StoppedJob } from './stopped-job.js';
import { packModel, runTraining, type TrainingRun, type TrainingVariant } from './training.js';

export interface Jobs {
  /** The profile's job as it is. @throws NotTried without a training in the profile */
  job(): Promise<TrainingRun>;
  /** The same with a change. @throws NotTried unless the job as it is completes */
  variant(change: Partial<TrainingVariant>): Promise<TrainingRun>;
  /** A job that must fail. @throws NotTried where it does not, and nobody says that it must */
  failedJob(): Promise<FailedJob>;
  /** A job that got SIGTERM while it trained. @throws NotTried when it ended before */
  stoppedJob(): Promise<StoppedJob>;
  /** A job with checkpoints that was stopped. @throws NotTried where it is not known to have trained, or leaves none */
  checkpointedJob(): Promise<CheckpointedJob>;
  /** The same job again, with its checkpoints. @throws NotTried also without resumedLine */
  resumedJob(): Promise<ResumedJob>;
  /** The same with a change of them. @param edit gets their folder */
  resumedJobWith(edit: (folder: string) => void): Promise<ResumedJob>;
  /** Folder or archive of the model to serve; undefined: the container has its own. @throws NotTried when training gave none */
  model(): Promise<string | undefined>;
}

export function createJobs(setup: Setup, profile: ConformanceProfile): Jobs {
  const { training, model } = profile;
  const change = (more: Partial<TrainingVariant> = {}): TrainingVariant => {
    need(training !== undefined, 'the profile has no training');
    return { hyperparameters: training.hyperparameters, channels: training.channels, ...more };
  };
  const { maxRuntimeInSeconds = Number.POSITIVE_INFINITY } = training ?? {};
  const firstLimit = Math.min(maxRuntimeInSeconds * 1000, setup.limits.trainingMs);
  const job = once(async () =>
    withEnoughRoot(
      setup,
      () => runTraining(setup, change({ isWatched: true, limitMs: firstLimit })),
      ({ exit }) => exit.exitCode === 0,
    ),
  );
  const limitAfter = ({ exit }: TrainingRun) => 10_000 * exit.seconds + setup.limits.moreTrainingMs;
  const completed = async () => {
    const run = await job();
    need(run.exit.exitCode === 0, `the training job ended with code ${run.exit.exitCode}`);
    return run;
  };
  const checkpointedJob = once(async () => {
    await completed();
    return runCheckpointedJob(setup, change(), profile.longJob);
  });
  const resume = async (edit?: (folder: string) => void) =>
    resumeJob(setup, change(), profile.longJob, await checkpointedJob(), edit);
  return {
    ...{ job, checkpointedJob },
    variant: async (more) => runTraining(setup, change({ ...more, limitMs: limitAfter(await completed()) })),
    failedJob: once(async () =>
      runFailingJob(setup, change({ limitMs: limitAfter(await completed()) }), profile.failingJob),
    ),
    stoppedJob: once(async () => runLongJob(setup, change(), profile.longJob, (await completed()).exit.seconds)),
    resumedJob: once(async () => resume()),
    resumedJobWith: resume,
    model: once(async () => model ?? (training && packModel(setup, await completed()))),
  };
}

// --- internal ---

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
