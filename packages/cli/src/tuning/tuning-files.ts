/** The results of a tuning job as files: all training jobs as a table, and in the terms of the API. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TunedJob } from './tuning-run.js';

/** The folder of a training job's results, inside the tuning job's: `001`. */
export function jobFolder(number: number): string {
  return String(number).padStart(3, '0');
}

export interface TuningFiles {
  /** The HyperParameterTuningJobConfig. */
  readonly config: object;
  readonly metric: string;
  /** Hyperparameters that all training jobs have. */
  readonly statics: Readonly<Record<string, string>>;
  readonly jobs: readonly TunedJob[];
  readonly best: TunedJob | undefined;
}

/** Writes jobs.csv, tuning-job.json and, where a job has an objective, best-hyperparameters.json, which `algo train` reads. */
export function writeTuningFiles(folder: string, { config, metric, statics, jobs, best }: TuningFiles): void {
  const summarize = (job: TunedJob) => summaryOf(job, metric);
  const document = {
    HyperParameterTuningJobConfig: config,
    ...(best && { BestTrainingJob: summarize(best) }),
    TrainingJobSummaries: jobs.map(summarize),
  };
  writeFileSync(join(folder, 'jobs.csv'), tableOf(jobs, metric));
  writeJson(join(folder, 'tuning-job.json'), document);
  if (best) writeJson(join(folder, 'best-hyperparameters.json'), { ...statics, ...best.hyperparameters });
}

// --- internal ---

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** HyperParameterTrainingJobSummary, with the job's folder as its name. */
function summaryOf({ number, hyperparameters, result, objective }: TunedJob, MetricName: string): object {
  return {
    TrainingJobName: jobFolder(number),
    TrainingJobStatus: result.status,
    TunedHyperParameters: hyperparameters,
    ...(result.failureReason !== undefined && { FailureReason: result.failureReason }),
    ...(objective !== undefined && { FinalHyperParameterTuningJobObjectiveMetric: { MetricName, Value: objective } }),
    ObjectiveStatus: objective === undefined || result.status === 'Failed' ? 'Failed' : 'Succeeded',
  };
}

function tableOf(jobs: readonly TunedJob[], metric: string): string {
  const names = Object.keys(jobs[0]?.hyperparameters ?? {});
  const rows = jobs.map(({ number, hyperparameters, result, objective }) => [
    ...[jobFolder(number), result.status, objective === undefined ? '' : String(objective), result.seconds.toFixed(2)],
    ...names.map((name) => hyperparameters[name] ?? ''),
  ]);
  return [['job', 'status', metric, 'seconds', ...names], ...rows]
    .map((cells) => `${cells.map(quote).join(',')}\n`)
    .join('');
}

/** RFC 4180. */
function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
