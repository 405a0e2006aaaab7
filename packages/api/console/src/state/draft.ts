/**
 * A new job as a form has it, from a description of an earlier one and into the request that creates it. What the form does
 * not show is kept as it was.
 */
import type { Kind } from './kinds.js';
import { at, entriesAt, listAt, textAt } from './members.js';
import type { Members } from './state.js';

export interface ChannelDraft {
  readonly name: string;
  readonly uri: string;
  /** Empty: none is named. */
  readonly contentType: string;
  /** The channel that it comes from, with its other members. */
  readonly origin: Members;
}

export interface TrainingDraft {
  readonly name: string;
  /** An image, or the name or ARN of an algorithm. */
  readonly source: string;
  readonly hyperparameters: readonly (readonly [string, string])[];
  readonly channels: readonly ChannelDraft[];
  readonly output: string;
  readonly instanceType: string;
  readonly maxRuntimeInSeconds: string;
  readonly role: string;
  /** The request that it comes from. */
  readonly origin: Members;
}

/** The members of Create requests: of what Describe answers, only these can be asked for again. */
const REQUEST_MEMBERS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  'training-job': [
    ...[
      'HyperParameters',
      'AlgorithmSpecification',
      'RoleArn',
      'InputDataConfig',
      'OutputDataConfig',
      'ResourceConfig',
    ],
    ...['VpcConfig', 'StoppingCondition', 'EnableNetworkIsolation', 'EnableInterContainerTrafficEncryption'],
    ...['EnableManagedSpotTraining', 'CheckpointConfig', 'Environment', 'RetryStrategy'],
  ],
  'transform-job': [
    ...['ModelName', 'MaxConcurrentTransforms', 'ModelClientConfig', 'MaxPayloadInMB', 'BatchStrategy', 'Environment'],
    ...['TransformInput', 'TransformOutput', 'TransformResources', 'DataProcessing'],
  ],
  'hyper-parameter-tuning-job': [
    ...[
      'HyperParameterTuningJobConfig',
      'TrainingJobDefinition',
      'TrainingJobDefinitions',
      'WarmStartConfig',
      'Autotune',
    ],
  ],
};

/** The request that would create the described job again, without its name. */
export function requestOf(kind: Kind, described: Members): Members {
  const wanted = REQUEST_MEMBERS[kind] ?? [];
  return Object.fromEntries(
    wanted.filter((name) => described[name] !== undefined).map((name) => [name, described[name]]),
  );
}

/**
 * The next name of a series that no other has: `job-2` of `job`, and `job-3` of `job-2` where there is a `job`; a number at
 * the end may mean something else. Names have up to 63 characters.
 */
export function nextName(name: string, taken: ReadonlySet<string>): string {
  const [, before = name] = /^(.+)-\d{1,6}$/.exec(name) ?? [];
  const base = taken.has(before) ? before : name;
  for (let next = 2; ; next++) {
    const candidate = `${base.slice(0, 63 - `-${next}`.length)}-${next}`;
    if (!taken.has(candidate)) return candidate;
  }
}

export function trainingDraftOf(name: string, origin: Members): TrainingDraft {
  return {
    name,
    source:
      textAt(origin, 'AlgorithmSpecification.AlgorithmName') ??
      textAt(origin, 'AlgorithmSpecification.TrainingImage') ??
      '',
    hyperparameters: entriesAt(origin, 'HyperParameters'),
    channels: listAt(origin, 'InputDataConfig').map((channel) => ({
      name: textAt(channel, 'ChannelName') ?? '',
      uri: textAt(channel, 'DataSource.S3DataSource.S3Uri') ?? '',
      contentType: textAt(channel, 'ContentType') ?? '',
      origin: channel,
    })),
    output: textAt(origin, 'OutputDataConfig.S3OutputPath') ?? '',
    instanceType: textAt(origin, 'ResourceConfig.InstanceType') ?? '',
    maxRuntimeInSeconds: textAt(origin, 'StoppingCondition.MaxRuntimeInSeconds') ?? '',
    role: textAt(origin, 'RoleArn') ?? '',
    origin,
  };
}

export function trainingRequestOf(draft: TrainingDraft): Members {
  const { origin, name, source, hyperparameters, channels, output, instanceType, maxRuntimeInSeconds, role } = draft;
  const { AlgorithmName: _, TrainingImage: __, ...specification } = objectAt(origin, 'AlgorithmSpecification');
  const member = source.includes('.dkr.ecr.') ? 'TrainingImage' : 'AlgorithmName';
  const seconds = Number(maxRuntimeInSeconds);
  return {
    ...origin,
    TrainingJobName: name,
    AlgorithmSpecification: { ...specification, [member]: source },
    HyperParameters: Object.fromEntries(hyperparameters.filter(([key]) => key !== '')),
    InputDataConfig: channels.filter((channel) => channel.name !== '' && channel.uri !== '').map(channelRequestOf),
    OutputDataConfig: { ...objectAt(origin, 'OutputDataConfig'), S3OutputPath: output },
    ResourceConfig: { ...objectAt(origin, 'ResourceConfig'), InstanceType: instanceType },
    StoppingCondition: {
      ...objectAt(origin, 'StoppingCondition'),
      MaxRuntimeInSeconds: Number.isInteger(seconds) ? seconds : maxRuntimeInSeconds,
    },
    RoleArn: role,
  };
}

// --- internal ---

function objectAt(members: Members, path: string): Members {
  const value = at(members, path);
  return typeof value === 'object' && value !== null ? (value as Members) : {};
}

function channelRequestOf({ name, uri, contentType, origin }: ChannelDraft): Members {
  const { ContentType: _, ...rest } = origin;
  const source = objectAt(origin, 'DataSource.S3DataSource');
  return {
    ...rest,
    ChannelName: name,
    ...(contentType !== '' && { ContentType: contentType }),
    DataSource: { S3DataSource: { S3DataType: 'S3Prefix', ...source, S3Uri: uri } },
  };
}
