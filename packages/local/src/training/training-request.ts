/**
 * What a training job is asked to do, in the terms of CreateTrainingJob, and the limits which that call enforces.
 * Sources: botocore shapes HyperParameters, TrainingEnvironmentMap, ChannelName, StoppingCondition.
 */
import { isImageProgram, type Program } from '../container/program.js';
import { ArgumentError } from '../errors.js';
import type { OnEvent } from '../events.js';
import { type ChannelInput, checkRecords, type InputMode } from './channel-input.js';
import type { CheckpointRequest } from './checkpoint-request.js';
import { checkInstances, type JobInstances } from './instance-groups.js';
import type { MetricDefinition } from './metric-definition.js';
import type { TrainingControl } from './training-control.js';

/** What a job needs to know of its algorithm: a part of its description. */
interface TrainedAlgorithm {
  readonly Name: string;
  /** Absent for a model package. */
  readonly TrainingSpecification?: { readonly MetricDefinitions: readonly MetricDefinition[] } | undefined;
}

export interface TrainingJobRequest extends TrainingControl, JobInstances {
  readonly program: Program;
  readonly description: TrainedAlgorithm;
  /** Of an image: what runs in place of its own entrypoint and of `train`. */
  readonly entrypoint?: readonly string[] | undefined;
  /** In place of `train`, or after the entrypoint. */
  readonly arguments?: readonly string[] | undefined;
  readonly hyperparameters?: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, ChannelInput>>;
  /** Default File. */
  readonly inputMode?: InputMode | undefined;
  readonly environment?: Readonly<Record<string, string>>;
  /** Default one day; the platform allows 28. */
  readonly maxRuntimeInSeconds?: number | undefined;
  /** What is left of the time that a job on spot instances has, waiting included; default: no limit. */
  readonly maxWaitTimeInSeconds?: number | undefined;
  readonly checkpoints?: CheckpointRequest | undefined;
  /** A file with content, which is emptied when the program starts: it says whether it has, if this process is killed. */
  readonly startMark?: string | undefined;
  /** Gets the container's tree below `opt/ml`, or one below `algo-N/opt/ml` for each of several; an older one is removed. */
  readonly workDirectory: string;
  /** Gets model.tar.gz, output.tar.gz, metrics.json and log.txt; only files that a job wrote are replaced. */
  readonly outputDirectory: string;
  /** Default: the algorithm's name and the time. */
  readonly jobName?: string | undefined;
  readonly region?: string | undefined;
  readonly onEvent?: OnEvent | undefined;
}

export const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;
const MAX_RUNTIME_SECONDS = 28 * 86_400;

/** @throws ArgumentError for the first limit of CreateTrainingJob that the request breaks */
export function checkTrainingRequest(request: TrainingJobRequest): void {
  const { Name, TrainingSpecification } = request.description;
  if (!TrainingSpecification) {
    throw new ArgumentError(`${Name} is a model package, which has no training: serve, transform or validate it.`);
  }
  if (request.entrypoint && !isImageProgram(request.program)) {
    throw new ArgumentError(
      `An entrypoint must be in an image; ${request.program.file} runs as a process. Run the algorithm's image.`,
    );
  }
  checkMap('Hyperparameter', request.hyperparameters ?? {}, { entries: 100, key: /^.{0,256}$/s, valueChars: 2500 });
  checkMap('Variable', request.environment ?? {}, {
    entries: 100,
    key: /^[a-zA-Z_][a-zA-Z0-9_]{0,511}$/,
    valueChars: 512,
  });
  const names = Object.keys(request.channels);
  if (names.length > 20) {
    throw new ArgumentError(`A training job can have 20 channels; received ${names.length}.`);
  }
  for (const name of names) {
    if (!/^(?!\.\.?$)[A-Za-z0-9.\-_]{1,64}$/.test(name)) {
      throw new ArgumentError(
        `A channel's name must be 1 to 64 letters, digits or any of . - _, and not "." or ".."; received "${name}".`,
      );
    }
  }
  for (const [name, channel] of Object.entries(request.channels)) checkRecords(name, channel, request.inputMode);
  const seconds = request.maxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS;
  if (!(seconds > 0 && seconds <= MAX_RUNTIME_SECONDS)) {
    throw new ArgumentError(`MaxRuntimeInSeconds must be in [1, ${MAX_RUNTIME_SECONDS}]; received ${seconds}.`);
  }
  checkInstances(request, request.channels);
  const localPath =
    request.checkpoints && 'localPath' in request.checkpoints ? request.checkpoints.localPath : undefined;
  if (localPath !== undefined && !/^\/opt\/ml\/(?!(?:\.\.?|input|model|output)\/?$)[^/]+\/?$/.test(localPath)) {
    throw new ArgumentError(`The path of checkpoints must be a folder of its own in /opt/ml; received "${localPath}".`);
  }
  const jobName = request.jobName;
  if (jobName !== undefined && !/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/.test(jobName)) {
    throw new ArgumentError(`A job's name must be letters, digits and hyphens, at most 63; received "${jobName}".`);
  }
}

// --- internal ---

interface MapLimits {
  readonly entries: number;
  readonly key: RegExp;
  readonly valueChars: number;
}

function checkMap(what: string, map: Readonly<Record<string, string>>, limits: MapLimits): void {
  const entries = Object.entries(map);
  if (entries.length > limits.entries) {
    throw new ArgumentError(
      `A job takes at most ${limits.entries} ${what.toLowerCase()}s; received ${entries.length}.`,
    );
  }
  for (const [key, value] of entries) {
    if (!limits.key.test(key)) throw new ArgumentError(`${what} "${key}": the service refuses this name.`);
    if (value.length > limits.valueChars) {
      throw new ArgumentError(
        `${what} "${key}" must be at most ${limits.valueChars} characters; received ${value.length}.`,
      );
    }
  }
}
