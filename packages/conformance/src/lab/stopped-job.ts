/** A job that gets SIGTERM while it trains: when its log says that it does, or after half of the time that it takes. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Container } from '@algo/local';
import type { ConformanceProfile } from '../profile/profile.js';
import { NotTried } from '../verdict.js';
import type { Setup } from './setup.js';
import { runTraining, type TrainingRun, type TrainingVariant } from './training.js';

export interface StoppedJob extends TrainingRun {
  /** From SIGTERM to the end. */
  readonly stopSeconds: number;
  /** Whether its log said that it trained. */
  readonly isCertain: boolean;
}

/** A line that has not come by then does not come. */
const LINE_LIMIT_MS = 600_000;

/** @param seconds that the profile's job takes @throws NotTried when the job ends before it can be stopped */
export async function runLongJob(
  setup: Setup,
  plain: TrainingVariant,
  change: ConformanceProfile['longJob'],
  seconds: number,
): Promise<StoppedJob> {
  let container: Container | undefined;
  let stopped: number | undefined;
  let hasEnded = false;
  const stop = () => {
    if (!container || hasEnded || stopped !== undefined) return;
    stopped = performance.now();
    void container.stop(setup.limits.stopTrainingMs);
  };
  const { afterLine } = change ?? {};
  let isDue = false;
  const run = await runTraining(setup, {
    ...plain,
    hyperparameters: { ...plain.hyperparameters, ...change?.hyperparameters },
    channels: change?.channels ?? plain.channels,
    onLine(line) {
      if (!afterLine?.test(line)) return;
      isDue = true;
      stop();
    },
    onStart(started) {
      container = started;
      void started.exited.then(() => {
        hasEnded = true;
      });
      if (isDue) stop();
      if (!afterLine) void delay(seconds * 500, undefined, { ref: false }).then(stop);
      else void delay(LINE_LIMIT_MS, undefined, { ref: false }).then(() => started.stop(0));
    },
  });
  if (stopped === undefined) {
    throw new NotTried(
      `the job ended with code ${run.exit.exitCode} before ${afterLine ? 'its log had the line' : 'it could be stopped'}; give a longJob that trains until it is stopped`,
    );
  }
  return { ...run, isCertain: afterLine !== undefined, stopSeconds: (performance.now() - stopped) / 1000 };
}
