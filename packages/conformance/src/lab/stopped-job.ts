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

/** A job that was to be stopped. */
export interface LongRun extends TrainingRun {
  /** The line of its log after which it got SIGTERM. */
  readonly line: string | undefined;
  /** From SIGTERM to the end; undefined where it ended before. */
  readonly stopSeconds: number | undefined;
}

/** @param seconds that the profile's job takes @throws NotTried when the job ends before it can be stopped */
export async function runLongJob(
  setup: Setup,
  plain: TrainingVariant,
  change: ConformanceProfile['longJob'],
  seconds: number,
): Promise<StoppedJob> {
  const { afterLine } = change ?? {};
  const run = await runUntil(setup, longVariant(plain, change), afterLine ?? seconds / 2);
  const { stopSeconds } = run;
  if (stopSeconds !== undefined) return { ...run, stopSeconds, isCertain: afterLine !== undefined };
  throw new NotTried(
    `the job ended with code ${run.exit.exitCode} before ${afterLine ? 'its log had the line' : 'it could be stopped'}; give a longJob that trains until it is stopped`,
  );
}

export function longVariant(plain: TrainingVariant, change: ConformanceProfile['longJob']): TrainingVariant {
  const hyperparameters = { ...plain.hyperparameters, ...change?.hyperparameters };
  return { ...plain, hyperparameters, channels: change?.channels ?? plain.channels };
}

/** Runs a job that gets SIGTERM. @param cue a line of its log, which is waited for, or seconds after its start */
export async function runUntil(
  setup: Setup,
  variant: TrainingVariant,
  cue: Pick<RegExp, 'test'> | number,
): Promise<LongRun> {
  let container: Container | undefined;
  let line: string | undefined;
  let stopped: number | undefined;
  let hasEnded = false;
  const stop = () => {
    if (!container || hasEnded || stopped !== undefined) return;
    stopped = performance.now();
    void container.stop(setup.limits.stopTrainingMs);
  };
  const run = await runTraining(setup, {
    ...variant,
    onLine(text) {
      if (typeof cue === 'number' || line !== undefined || !cue.test(text)) return;
      line = text;
      stop();
    },
    onStart(started) {
      container = started;
      void started.exited.then(() => {
        hasEnded = true;
      });
      if (line !== undefined) stop();
      if (typeof cue === 'number') void delay(cue * 1000, undefined, { ref: false }).then(stop);
      else {
        const giveUp = () => line === undefined && void started.stop(0);
        void delay(setup.limits.moreTrainingMs, undefined, { ref: false }).then(giveUp);
      }
    },
  });
  return { ...run, line, stopSeconds: stopped === undefined ? undefined : (performance.now() - stopped) / 1000 };
}
