/**
 * A training job from request to artifacts, as the platform runs it: lay out /opt/ml, start `train`, watch the log for
 * metrics, enforce the stopping condition, pack what was left. A stopped job's model is kept too.
 */
import { writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packFolder } from './archive.js';
import { type Container, type ContainerExit, startContainer } from './container.js';
import { JobError, messageOf } from './errors.js';
import { failureReason } from './failure-reason.js';
import { copyReadOnly, listFiles } from './file-tree.js';
import { createOptMl, HOST, inputModeOf, type OptMl, writeTrainingConfig } from './opt-ml.js';
import { openPipeChannel, type PipeChannel } from './pipe-channel.js';
import { createMetricFinder, finalMetrics, type MetricValue } from './training-metrics.js';
import { checkTrainingRequest, DEFAULT_MAX_RUNTIME_SECONDS, type TrainingJobRequest } from './training-request.js';

export interface TrainingJobResult {
  readonly jobName: string;
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  /** As the platform has it: MaxRuntimeExceeded is a Stopped job. */
  readonly secondaryStatus: 'Completed' | 'Failed' | 'Stopped' | 'MaxRuntimeExceeded';
  readonly failureReason?: string;
  readonly exitCode: number;
  /** Whether the program had to be killed because it did not end within the grace after SIGTERM. */
  readonly wasKilled: boolean;
  /** From the start of the program to its end. */
  readonly seconds: number;
  /** Every value found, in order. */
  readonly metrics: readonly MetricValue[];
  readonly finalMetrics: Readonly<Record<string, number>>;
  /** model.tar.gz; absent for a failed job, or when /opt/ml/model is empty. */
  readonly modelArchive?: string;
  /** output.tar.gz; absent for a failed job, or when /opt/ml/output/data is empty. */
  readonly outputArchive?: string;
  readonly logFile: string;
}

const STOP_GRACE_MS = 120_000;
const DEFAULT_REGION = 'us-east-1';
/** An account number that is nobody's, for the ARN. */
const ACCOUNT = '000000000000';

/**
 * Runs a job to its end. A job that fails is a result; only what CreateTrainingJob would refuse is thrown.
 * @throws ArgumentError for a missing path or a value over the service's limits
 * @throws JobError when the program cannot be started at all
 */
export async function runTrainingJob(request: TrainingJobRequest): Promise<TrainingJobResult> {
  checkTrainingRequest(request);
  const findMetrics = createMetricFinder(request.description.TrainingSpecification.MetricDefinitions);
  const emit = request.onEvent ?? (() => undefined);
  const jobName = request.jobName ?? defaultJobName(request.description.Name);
  const metrics: MetricValue[] = [];

  emit({ type: 'training-status', status: 'Downloading' });
  const tree = await createOptMl(request.workDirectory);
  writeTrainingConfig(tree, request);
  const logFile = await clearOutput(request.outputDirectory);
  const pipes: PipeChannel[] = [];

  let ending: Ending;
  try {
    await provideChannels(tree, request, pipes);
    emit({ type: 'training-status', status: 'Training' });
    const container = await startContainer({
      program: request.program,
      command: 'train',
      environment: trainingVariables(tree, request, jobName),
      directory: request.workDirectory,
      logFile,
      onLine: (line) => {
        emit({ type: 'log', line });
        for (const metric of findMetrics(line)) {
          metrics.push(metric);
          emit({ type: 'metric', ...metric });
        }
      },
    });
    ending = await watch(container, pipes, request);
  } finally {
    await Promise.all(pipes.map((pipe) => pipe.close()));
  }

  const outcome = judge(ending, tree.failure);
  const archives = outcome.status === 'Failed' ? {} : await packArtifacts(tree, request);
  writeFileSync(join(request.outputDirectory, 'metrics.json'), `${JSON.stringify(metrics, null, 2)}\n`);
  const { exitCode, wasKilled, seconds } = ending.exit;
  const found = { metrics, finalMetrics: finalMetrics(metrics) };
  return { jobName, ...outcome, exitCode, wasKilled, seconds, ...found, ...archives, logFile };
}

// --- internal ---

/** How the program came to its end. */
interface Ending {
  readonly exit: ContainerExit;
  readonly stopReason?: 'Stopped' | 'MaxRuntimeExceeded' | undefined;
  /** Why a Pipe channel could not be fed to its end. */
  readonly inputProblem?: string | undefined;
}

function defaultJobName(algorithm: string): string {
  const time = new Date()
    .toISOString()
    .replaceAll(/[:.TZ]/g, '-')
    .replace(/-$/, '');
  return `${algorithm.slice(0, 63 - time.length - 1).replace(/-+$/, '')}-${time}`;
}

/** What the platform sets, and nothing of the caller's own environment; SAGEMAKER_BASE_DIR stands in for the mount. */
function trainingVariables(tree: OptMl, request: TrainingJobRequest, jobName: string): Record<string, string> {
  const region = request.region ?? DEFAULT_REGION;
  return {
    HOME: tree.home,
    ...request.environment,
    TRAINING_JOB_NAME: jobName,
    TRAINING_JOB_ARN: `arn:aws:sagemaker:${region}:${ACCOUNT}:training-job/${jobName.toLowerCase()}`,
    AWS_REGION: region,
    CURRENT_HOST: HOST,
    SAGEMAKER_BASE_DIR: tree.base,
  };
}

/** @param pipes gets the channels in Pipe mode, which are to be closed in any case */
async function provideChannels(tree: OptMl, request: TrainingJobRequest, pipes: PipeChannel[]): Promise<void> {
  const channels = Object.entries(request.channels).map(([name, channel]) => {
    const files = listFiles(channel.path, `Channel "${name}"`);
    return { name, files, channel, isPipe: inputModeOf(channel, request.inputMode) === 'Pipe' };
  });
  for (const { name, files, channel, isPipe } of channels) {
    const path = join(tree.data, name);
    if (isPipe) pipes.push(await openPipeChannel(path, files, channel.compressionType === 'Gzip'));
    else await copyReadOnly(files, path);
  }
}

/** Removes what an earlier job left, so that nothing old is taken for a result. */
async function clearOutput(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  for (const name of ['model.tar.gz', 'output.tar.gz', 'metrics.json', 'log.txt']) {
    await rm(join(directory, name), { force: true });
  }
  return join(directory, 'log.txt');
}

async function watch(
  container: Container,
  pipes: readonly PipeChannel[],
  request: TrainingJobRequest,
): Promise<Ending> {
  const { stop, onEvent, stopGraceMs = STOP_GRACE_MS } = request;
  let stopReason: Ending['stopReason'];
  let inputProblem: string | undefined;
  const end = () => {
    onEvent?.({ type: 'training-status', status: 'Stopping' });
    void container.stop(stopGraceMs);
  };
  const stopFor = (reason: Ending['stopReason']) => {
    stopReason ??= reason;
    end();
  };
  const onAbort = () => stopFor('Stopped');
  const maxRuntimeMs = (request.maxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS) * 1000;
  const cancelTimer = callAfter(maxRuntimeMs, () => stopFor('MaxRuntimeExceeded'));
  for (const pipe of pipes) {
    pipe.done.catch((error) => {
      inputProblem ??= messageOf(error);
      end();
    });
  }
  stop?.addEventListener('abort', onAbort, { once: true });
  if (stop?.aborted) onAbort();
  const exit = await container.exited;
  cancelTimer();
  stop?.removeEventListener('abort', onAbort);
  return { exit, stopReason, inputProblem };
}

/** Timers hold at most 2^31 - 1 ms, 24.8 days; a job may run for 28. */
function callAfter(ms: number, action: () => void): () => void {
  const step = Math.min(ms, 2 ** 31 - 1);
  let cancelNext = () => {};
  const timer = setTimeout(() => {
    if (ms > step) cancelNext = callAfter(ms - step, action);
    else action();
  }, step);
  return () => {
    clearTimeout(timer);
    cancelNext();
  };
}

/** A job that was told to stop is Stopped, whatever its program's exit code says. */
function judge({ exit, stopReason, inputProblem }: Ending, failureFile: string) {
  if (stopReason) return { status: 'Stopped', secondaryStatus: stopReason } as const;
  const failed = (failureReason: string) => ({ status: 'Failed', secondaryStatus: 'Failed', failureReason }) as const;
  if (inputProblem) return failed(`ClientError: ${inputProblem}`);
  if (exit.exitCode !== 0) return failed(failureReason(failureFile, exit.exitCode));
  return { status: 'Completed', secondaryStatus: 'Completed' } as const;
}

async function packArtifacts(tree: OptMl, { outputDirectory, onEvent }: TrainingJobRequest) {
  onEvent?.({ type: 'training-status', status: 'Uploading' });
  const modelArchive = join(outputDirectory, 'model.tar.gz');
  const outputArchive = join(outputDirectory, 'output.tar.gz');
  try {
    const hasModel = await packFolder(tree.model, modelArchive);
    const hasOutput = await packFolder(tree.outputData, outputArchive);
    return { ...(hasModel && { modelArchive }), ...(hasOutput && { outputArchive }) };
  } catch (error) {
    throw new JobError(`The job's artifacts could not be packed: ${messageOf(error)}.`, { cause: error });
  }
}
