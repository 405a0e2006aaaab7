/**
 * Removes jobs that ended long ago from a data folder, with their tags, logs and metrics. What runs or waits stays, and what
 * another resource that stays refers to: the training jobs of a tuning job, the parents of a tuning job that began warm.
 * Objects of S3 are never removed: a model may be what a job was run for.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ArgumentError } from '@algo/local';
import { isEnd } from './jobs/job-status.js';
import { TRAINING_LOG_GROUP } from './sagemaker/training-jobs/host-logs.js';
import type { TrainingJobBody } from './sagemaker/training-jobs/shapes.js';
import { TRAINING_JOB } from './sagemaker/training-jobs/state.js';
import { TRANSFORM_JOB, TRANSFORM_LOG_GROUP } from './sagemaker/transform-jobs/run.js';
import { TUNING_JOB, type TuningJobBody } from './sagemaker/tuning-jobs/shapes.js';
import type { StoredRecord } from './store/record.js';
import { openStore, type Store } from './store/store.js';

/** How many were removed. */
export interface Pruned {
  readonly trainingJobs: number;
  readonly transformJobs: number;
  readonly tuningJobs: number;
  readonly logEvents: number;
  readonly metricValues: number;
  /** By which the database is smaller. */
  readonly bytes: number;
}

/**
 * @param before jobs that ended earlier are removed
 * @throws ArgumentError when the folder has no data, or a server has it
 */
export function pruneData(dataFolder: string, before: Date): Pruned {
  const folder = resolve(dataFolder);
  if (!existsSync(join(folder, 'state.db'))) {
    throw new ArgumentError(`The data folder ${folder} must be one that "algo up" has written; it has no state.db.`);
  }
  const store = openStore(folder);
  try {
    const bytes = sizeOf(store);
    const removed = store.transaction(() => prune(store, before.getTime() / 1000));
    store.sql.exec('VACUUM');
    return { ...removed, bytes: Math.max(0, bytes - sizeOf(store)) };
  } finally {
    store.close();
  }
}

// --- internal ---

function prune(store: Store, before: number): Omit<Pruned, 'bytes'> {
  const counts = { events: countOf(store, 'log_event'), values: countOf(store, 'metric_value') };
  const tuningJobs = store.records.all<TuningJobBody>(TUNING_JOB);
  const keptTuning = keptTuningJobs(tuningJobs, before);
  const isOfKept = ({ TuningJobArn }: TrainingJobBody) => TuningJobArn !== undefined && keptTuning.has(TuningJobArn);
  const oldOf = <Body>(kind: string) => store.records.all<Body>(kind).filter((job) => isOld(job, before));
  const training = oldOf<TrainingJobBody>(TRAINING_JOB).filter(({ body }) => !isOfKept(body));
  const transform = oldOf(TRANSFORM_JOB);
  const tuning = tuningJobs.filter(({ arn }) => !keptTuning.has(arn));
  for (const { kind, name, arn } of [...training, ...transform, ...tuning]) {
    store.records.remove(kind, name);
    store.tags.removeAll(arn);
  }
  for (const { name } of training) store.logs.remove(TRAINING_LOG_GROUP, name);
  for (const { name } of transform) store.logs.remove(TRANSFORM_LOG_GROUP, name);
  return {
    trainingJobs: training.length,
    transformJobs: transform.length,
    tuningJobs: tuning.length,
    logEvents: counts.events - countOf(store, 'log_event'),
    metricValues: counts.values - countOf(store, 'metric_value'),
  };
}

/** The last change of a job that has ended is its end. */
function isOld({ status, modified }: StoredRecord<unknown>, before: number): boolean {
  return isEnd(status) && modified < before;
}

/** ARNs of those that are not old, and of all from which they inherit. */
function keptTuningJobs(jobs: readonly StoredRecord<TuningJobBody>[], before: number): ReadonlySet<string> {
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const kept = new Set<string>();
  const keep = (job: StoredRecord<TuningJobBody>) => {
    if (kept.has(job.arn)) return;
    kept.add(job.arn);
    for (const { HyperParameterTuningJobName: parent } of job.body.described.WarmStartConfig
      ?.ParentHyperParameterTuningJobs ?? []) {
      const found = parent === undefined ? undefined : byName.get(parent);
      if (found !== undefined) keep(found);
    }
  };
  for (const job of jobs) if (!isOld(job, before)) keep(job);
  return kept;
}

function countOf({ sql }: Store, table: 'log_event' | 'metric_value'): number {
  const { count } = sql.prepare(`SELECT count(*) AS count FROM ${table}`).get() as { readonly count: number };
  return count;
}

function sizeOf({ sql }: Store): number {
  const pages = sql.prepare('PRAGMA page_count').get() as { readonly page_count: number };
  const { page_size: bytes } = sql.prepare('PRAGMA page_size').get() as { readonly page_size: number };
  return pages.page_count * bytes;
}
