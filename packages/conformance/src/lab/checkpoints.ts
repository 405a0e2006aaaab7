/** The folder of a job's checkpoints: where it is, what a stopped job leaves in it, and a job that starts with that. */
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { isImageProgram, type OptMl } from '@algo/local';
import type { ConformanceProfile } from '../profile/profile.js';
import { NotTried, need } from '../verdict.js';
import { pathsBelow, putFile } from './files.js';
import type { Setup } from './setup.js';
import { type LongRun, longVariant, runLongJob, runUntil, type StoppedJob } from './stopped-job.js';
import type { TrainingVariant } from './training.js';

export interface CheckpointedJob extends StoppedJob {
  readonly folder: string;
  /** Files that it left, from the folder. */
  readonly checkpoints: readonly string[];
}

export interface ResumedJob extends LongRun {
  /** Its log says so, before the line of a job that begins. */
  readonly hasResumed: boolean;
}

/** Makes the folder and writes checkpointconfig.json. */
export function makeCheckpoints({ program }: Pick<Setup, 'program'>, { base, config }: OptMl): string {
  const folder = join(base, NAME);
  mkdirSync(folder);
  const path = isImageProgram(program) ? `/opt/ml/${NAME}` : folder;
  putFile(join(config, 'checkpointconfig.json'), `${JSON.stringify({ LocalPath: path })}\n`);
  return folder;
}

/** A long job with checkpoints, stopped when it trains. @throws NotTried where it is not known to have trained, or leaves none */
export async function runCheckpointedJob(
  setup: Setup,
  plain: TrainingVariant,
  change: ConformanceProfile['longJob'],
): Promise<CheckpointedJob> {
  need(change?.afterLine !== undefined, 'the profile has no longJob with afterLine');
  const edit = (tree: OptMl) => void makeCheckpoints(setup, tree);
  const job = await runLongJob(setup, { ...plain, edit }, change, 0);
  need(!job.exit.wasKilled, 'the job was killed');
  const folder = join(job.tree.base, NAME);
  const checkpoints = existsSync(folder) ? await pathsBelow(folder) : [];
  if (checkpoints.length === 0) throw new NotTried('a job that is stopped leaves no checkpoint');
  return { ...job, folder, checkpoints };
}

/** The same job again, with the checkpoints of one that was stopped. @param edit gets their folder */
export async function resumeJob(
  setup: Setup,
  plain: TrainingVariant,
  change: ConformanceProfile['longJob'],
  { folder }: CheckpointedJob,
  edit?: (folder: string) => void,
): Promise<ResumedJob> {
  const { afterLine, resumedLine } = change ?? {};
  need(afterLine !== undefined && resumedLine !== undefined, 'the profile’s longJob has no resumedLine');
  const variant = {
    ...longVariant(plain, change),
    edit(tree: OptMl) {
      const own = makeCheckpoints(setup, tree);
      cpSync(folder, own, { recursive: true });
      edit?.(own);
    },
  };
  const cue = { test: (line: string) => resumedLine.test(line) || afterLine.test(line) };
  const run = await runUntil(setup, variant, cue);
  return { ...run, hasResumed: run.line !== undefined && resumedLine.test(run.line) };
}

// --- internal ---

const NAME = 'checkpoints';
