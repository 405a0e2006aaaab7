/**
 * A training job from request to artifacts, as the platform runs it: create /opt/ml, start `train`, watch the log for
 * metrics, enforce the stopping condition, pack the results. The model of a stopped job is kept too.
 */
import { appendFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { OptMl } from '../container/opt-ml.js';
import { prepareOutput } from '../files/folder.js';
import { type LocatedChannel, locateChannels } from './channels.js';
import { failureReason } from './failure-reason.js';
import { type FailedHost, type HostGroup, joinContainers, SIGNAL_BASE, wasKilledByOthers } from './host-group.js';
import { type Hosts, namesOf, planHosts } from './hosts.js';
import { checkResults, type JobResults, openResults } from './job-results.js';
import { openMetricSearch } from './metric-search.js';
import { packArtifacts } from './packing.js';
import type { PipeChannel } from './pipe-channel.js';
import { layOutHosts, startHosts } from './start-hosts.js';
import { STOP_GRACE_MS, type StopReason, type TrainingEnd, watchTraining } from './stopping-condition.js';
import { finalMetrics, type MetricValue } from './training-metrics.js';
import { checkTrainingRequest, type TrainingJobRequest } from './training-request.js';

export interface TrainingJobResult {
  readonly jobName: string;
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  /** As the platform has it: MaxRuntimeExceeded is a Stopped job. Interrupted: it is to run again, and has no results. */
  readonly secondaryStatus: 'Completed' | 'Failed' | StopReason;
  readonly failureReason?: string;
  readonly exitCode: number;
  /** Whether the program had to be killed because it did not end within the grace after SIGTERM. */
  readonly wasKilled: boolean;
  /** From the start of the program to its end. */
  readonly seconds: number;
  /** Every value found, in order. */
  readonly metrics: readonly MetricValue[];
  readonly finalMetrics: Readonly<Record<string, number>>;
  /** model.tar.gz; absent for a failed or interrupted job, or when /opt/ml/model is empty. */
  readonly modelArchive?: string;
  /** output.tar.gz; absent for a failed or interrupted job, or when /opt/ml/output/data is empty. */
  readonly outputArchive?: string;
  readonly logFile: string;
}

const DEFAULT_REGION = 'us-east-1';
/** An account number that nobody has, for the ARN. */
const ACCOUNT = '000000000000';

/**
 * Runs a job to its end. A job that fails is a result; only what CreateTrainingJob would refuse is thrown.
 * @throws ArgumentError for a missing path or a value over the service's limits
 * @throws JobError when the program cannot be started at all
 */
export async function runTrainingJob(request: TrainingJobRequest): Promise<TrainingJobResult> {
  checkTrainingRequest(request);
  const channels = locateChannels(request);
  prepareOutput(request.outputDirectory, 'Output folder');
  checkResults(request.outputDirectory);
  const results = openResults(request.outputDirectory);
  try {
    return await runJob(request, channels, results);
  } finally {
    results.close();
  }
}

// --- internal ---

async function runJob(
  request: TrainingJobRequest,
  channels: readonly LocatedChannel[],
  results: JobResults,
): Promise<TrainingJobResult> {
  const emit = request.onEvent ?? (() => undefined);
  const jobName = request.jobName ?? defaultJobName(request.description.Name);
  const metrics: MetricValue[] = [];
  const notes: string[] = [];
  const note = (line: string) => {
    notes.push(`${line}\n`);
    emit({ type: 'log', line });
  };
  const search = openMetricSearch({
    definitions: request.description.TrainingSpecification?.MetricDefinitions ?? [],
    onMetric(metric) {
      metrics.push(metric);
      emit({ type: 'metric', ...metric });
    },
    onNote: note,
  });

  emit({ type: 'training-status', status: 'Downloading' });
  const hosts = await planHosts(request);
  const pipes: PipeChannel[] = [];
  let trees: readonly OptMl[];
  let ending: TrainingEnd & Pick<HostGroup, 'failed'>;
  try {
    trees = await layOutHosts(hosts, request, channels, pipes);
    emit({ type: 'training-status', status: 'Training' });
    const names = namesOf(hosts.all);
    if (names !== undefined) emit({ type: 'log', line: names });
    const containers = await startHosts(hosts, trees, {
      request,
      variables: trainingVariables(request, jobName, hosts),
      logFile: results.staged,
      logHead: names,
      onLine(line, host) {
        emit({ type: 'log', line, ...(hosts.all.length > 1 && { host }) });
        search.add(line);
      },
    });
    const group = joinContainers(containers, request.stopGraceMs ?? STOP_GRACE_MS);
    ending = { ...(await watchTraining(group, pipes, request)), failed: group.failed };
    await search.finish();
    if (hosts.all.length > 1) for (const line of killedHosts(hosts, group.failed)) note(line);
    appendFileSync(results.staged('log.txt'), notes.join('')); // not before: the container writes at places of its own
  } finally {
    await search.close();
    await Promise.all(pipes.map((pipe) => pipe.close()));
    await hosts.release();
  }

  const judged = judge(ending, trees);
  const hasResults = judged.secondaryStatus !== 'Failed' && judged.secondaryStatus !== 'Interrupted';
  const packed = hasResults ? await packArtifacts(trees, request, results) : undefined;
  const outcome = packed?.wasStopped ? ({ status: 'Stopped', secondaryStatus: 'Stopped' } as const) : judged;
  writeFileSync(results.staged('metrics.json'), `${JSON.stringify(metrics, null, 2)}\n`);
  const place = results.publish(outcome.status === 'Completed' || packed?.hasModel === true);
  const { exitCode, wasKilled, seconds } = ending.exit;
  const found = { metrics, finalMetrics: finalMetrics(metrics) };
  const archives = {
    ...(packed?.hasModel && { modelArchive: place('model.tar.gz') }),
    ...(packed?.hasOutput && { outputArchive: place('output.tar.gz') }),
  };
  return { jobName, ...outcome, exitCode, wasKilled, seconds, ...found, ...archives, logFile: place('log.txt') };
}

/** A killed host cannot write its reason, and the others only see that it is gone. Not those that the job itself ended. */
function killedHosts({ all }: Hosts, failed: readonly FailedHost[]): readonly string[] {
  const killed = failed.filter(wasKilledByOthers);
  return killed.map(({ index, exitCode }) => {
    const name = Object.entries(constants.signals).find(([, number]) => number === exitCode - SIGNAL_BASE)?.[0];
    return `${all[index]!.label} was ended by ${name ?? 'a signal'}: exit code ${exitCode}.`;
  });
}

function defaultJobName(algorithm: string): string {
  const time = new Date()
    .toISOString()
    .replaceAll(/[:.TZ]/g, '-')
    .replace(/-$/, '');
  return `${algorithm.slice(0, 63 - time.length - 1).replace(/-+$/, '')}-${time}`;
}

/** What the platform sets, and nothing of the caller's own environment. */
function trainingVariables(request: TrainingJobRequest, jobName: string, hosts: Hosts): Record<string, string> {
  const region = request.region ?? DEFAULT_REGION;
  return {
    ...hosts.variables,
    ...request.environment,
    TRAINING_JOB_NAME: jobName,
    TRAINING_JOB_ARN: `arn:aws:sagemaker:${region}:${ACCOUNT}:training-job/${jobName.toLowerCase()}`,
    AWS_REGION: region,
  };
}

/** A job that was asked to stop is Stopped, whatever its program's exit code says. */
function judge(
  { exit, stopReason, inputProblem, failed }: TrainingEnd & Pick<HostGroup, 'failed'>,
  trees: readonly OptMl[],
) {
  if (stopReason) return { status: 'Stopped', secondaryStatus: stopReason } as const;
  const failure = (failureReason: string) => ({ status: 'Failed', secondaryStatus: 'Failed', failureReason }) as const;
  if (inputProblem) return failure(`ClientError: ${inputProblem}`);
  if (exit.exitCode !== 0) {
    const ofFailed = failed.map(({ index }) => trees[index]!);
    return failure(failureReason(ofFailed, exit.exitCode));
  }
  return { status: 'Completed', secondaryStatus: 'Completed' } as const;
}
