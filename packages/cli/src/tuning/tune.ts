/**
 * What `algo tune` does: one line for each training job as it ends; the best one and the place of the results follow.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OBJECTIVE_HYPERPARAMETER } from '@algo/api/tuning';
import { ArgumentError, callAfter, describeProgram, JobError, removeTree, runTrainingJob } from '@algo/local';
import { listenForInterrupt } from '../interrupt.js';
import { folderOfOption } from '../output-paths.js';
import { createTerminal, formatTable, type Terminal } from '../terminal.js';
import { type TrainingOptions, trainingRequestOf } from '../training-options.js';
import { outputFolder, resolveProgram } from '../workspace.js';
import { type ConfigOptions, readConfig } from './tuning-config.js';
import { jobFolder, writeTuningFiles } from './tuning-files.js';
import { noObjective, runTuningJob, type StartedJob, type TunedJob, type TuningResult } from './tuning-run.js';

export interface TuneOptions extends TrainingOptions, ConfigOptions {
  readonly output?: string;
}

/** @throws ArgumentError, JobError where no training job has an objective, or where it was stopped */
export async function tune(algorithm: string, options: TuneOptions): Promise<void> {
  const from = process.cwd();
  const program = resolveProgram(algorithm, from);
  const description = await describeProgram(program);
  const request = trainingRequestOf(options, description, from);
  const config = readConfig(options, description, request.hyperparameters, from);
  const { metric } = config.plan.objective;
  const output = options.output
    ? requireEmpty(folderOfOption('--output', options.output, from))
    : outputFolder(from, 'tuning-job', description.Name, new Date().toISOString().replace(/[-:]|\..*$/g, ''));
  const terminal = createTerminal(process.stdout);
  const interrupt = listenForInterrupt(() => console.error('Stopping the jobs: SIGTERM, then SIGKILL after 120 s.'));
  const deadline = startDeadline(config.maxRuntimeInSeconds);
  const stop = AbortSignal.any([interrupt.signal, deadline.signal]);
  const ended: TunedJob[] = [];
  const best = { job: undefined as TunedJob | undefined };
  const showProgress = () => {
    const text = best.job ? `, best ${metric} ${best.job.objective}` : '';
    terminal.progress(`${ended.length} of ${config.plan.maxJobs} training jobs have ended${text}`);
  };
  const train = async (
    { number, hyperparameters, stop: stopJob }: StartedJob,
    onObjective: (value: number) => void,
  ) => {
    const outputDirectory = join(output, jobFolder(number));
    const workDirectory = join(outputDirectory, '.container');
    try {
      return await runTrainingJob({
        ...{ program, description, ...request, outputDirectory, workDirectory, stop: stopJob },
        hyperparameters: { ...request.hyperparameters, ...hyperparameters, [OBJECTIVE_HYPERPARAMETER]: metric },
        onEvent: (event) => event.type === 'metric' && event.name === metric && onObjective(event.value),
      });
    } finally {
      await removeTree(workDirectory);
    }
  };
  const onEnd = (job: TunedJob, isBest: boolean) => {
    ended.push(job);
    if (isBest) best.job = job;
    terminal.line(lineOf(job, metric, isBest));
    showProgress();
  };
  terminal.line(
    `${config.plan.strategy}, seed ${config.plan.seed}: ${config.plan.objective.type.toLowerCase()} ${metric}`,
  );
  showProgress();
  try {
    const result = await runTuningJob({ ...config, stop, train, onEnd });
    terminal.endProgress();
    report(terminal, result, metric, output);
    if (interrupt.signal.aborted) throw new JobError('The tuning job was stopped.');
    if (!result.best) throw noObjective(config.plan, result.jobs);
  } finally {
    terminal.endProgress();
    interrupt.close();
    deadline.close();
    if (ended.length > 0) {
      const jobs = ended.toSorted((a, b) => a.number - b.number);
      writeTuningFiles(output, {
        config: config.config,
        metric,
        statics: request.hyperparameters,
        jobs,
        best: best.job,
      });
    }
  }
}

// --- internal ---

/** What was tuned earlier stays. @throws ArgumentError unless it is empty or not there */
function requireEmpty(folder: string): string {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  if (names.length === 0) return folder;
  throw new ArgumentError(
    `--output must be an empty folder: ${folder} has ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}. Choose another one.`,
  );
}

function startDeadline(seconds: number | undefined) {
  const controller = new AbortController();
  const close = seconds === undefined ? () => {} : callAfter(seconds * 1000, () => controller.abort());
  return { signal: controller.signal, close };
}

function lineOf({ number, hyperparameters, result, objective }: TunedJob, metric: string, isBest: boolean): string {
  const values = Object.entries(hyperparameters).map(([name, value]) => `${name}=${value}`);
  const outcome = objective === undefined ? (result.failureReason ?? '').split('\n')[0] : `${metric}=${objective}`;
  const time = `${result.seconds.toFixed(2)} s`;
  return [jobFolder(number), result.status, outcome, ...(isBest ? ['(best)'] : []), time, ...values].join(' ');
}

function report(terminal: Terminal, { jobs, best, completedBy }: TuningResult, metric: string, output: string): void {
  const count = (status: string) => jobs.filter(({ result }) => result.status === status).length;
  const counts = ['Completed', 'Stopped', 'Failed'].map((status) => `${count(status)} ${status}`).join(', ');
  const reason = completedBy ? `; completed by ${REASONS[completedBy]}` : '';
  terminal.line(`${jobs.length} training jobs: ${counts}${reason}`);
  if (best) {
    terminal.line(terminal.style('green', `Best training job: ${jobFolder(best.number)}`));
    const values = [[metric, String(best.objective)], ...Object.entries(best.hyperparameters)];
    for (const line of formatTable(values.map(([name, value]) => [`  ${name}`, value!]))) terminal.line(line);
    if (best.result.modelArchive) terminal.line(`Model: ${best.result.modelArchive}`);
  }
  terminal.line(`Files: ${output}`);
}

const REASONS = {
  Target: 'TargetObjectiveMetricValue',
  NotImproving: 'BestObjectiveNotImproving',
  Convergence: 'ConvergenceDetected',
} as const;
