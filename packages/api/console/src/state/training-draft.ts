/**
 * A new training job as a form has it, from the request of an earlier one and into the request that creates it. What the form
 * does not show is kept as it was.
 */
import { entriesAt, listAt, textAt } from './members.js';
import { integerOf, objectAt, withAt } from './request.js';
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
  /** An image, or the name or ARN of an algorithm. */
  readonly source: string;
  readonly hyperparameters: readonly (readonly [string, string])[];
  /** Names with the regular expressions that find them in the log. */
  readonly metrics: readonly (readonly [string, string])[];
  readonly channels: readonly ChannelDraft[];
  readonly output: string;
  readonly instanceType: string;
  readonly maxRuntimeInSeconds: string;
  readonly role: string;
  /** The request that it comes from. */
  readonly origin: Members;
}

export function trainingDraftOf(origin: Members): TrainingDraft {
  return {
    source:
      textAt(origin, 'AlgorithmSpecification.AlgorithmName') ??
      textAt(origin, 'AlgorithmSpecification.TrainingImage') ??
      '',
    hyperparameters: entriesAt(origin, 'HyperParameters'),
    metrics: listAt(origin, 'AlgorithmSpecification.MetricDefinitions').map((metric) => [
      textAt(metric, 'Name') ?? '',
      textAt(metric, 'Regex') ?? '',
    ]),
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
  const { origin, source, hyperparameters, channels, output, instanceType, maxRuntimeInSeconds, role } = draft;
  const { AlgorithmName: _, TrainingImage: __, ...specification } = objectAt(origin, 'AlgorithmSpecification');
  const member = source.includes('.dkr.ecr.') ? 'TrainingImage' : 'AlgorithmName';
  const { InputDataConfig: ___, ...others } = origin;
  return {
    ...others,
    AlgorithmSpecification: withAt({ ...specification, [member]: source }, 'MetricDefinitions', metricsOf(draft)),
    HyperParameters: Object.fromEntries(hyperparameters.filter(isFilled)),
    ...channelsOf(channels),
    OutputDataConfig: { ...objectAt(origin, 'OutputDataConfig'), S3OutputPath: output },
    // Groups of instances stand in place of it.
    ResourceConfig: withAt(objectAt(origin, 'ResourceConfig'), 'InstanceType', instanceType || undefined),
    StoppingCondition: {
      ...objectAt(origin, 'StoppingCondition'),
      MaxRuntimeInSeconds: integerOf(maxRuntimeInSeconds),
    },
    RoleArn: role,
  };
}

// --- internal ---

/** A field that is left empty is not sent. */
function isFilled([name, value]: readonly [string, string]): boolean {
  return name !== '' && value !== '';
}

/** Undefined for none: AWS has the member only with one or more. */
function metricsOf({ metrics }: TrainingDraft): readonly Members[] | undefined {
  const named = metrics.filter(isFilled);
  return named.length > 0 ? named.map(([Name, Regex]) => ({ Name, Regex })) : undefined;
}

/** AWS has this member too only with one or more; a container may have no input. */
function channelsOf(channels: readonly ChannelDraft[]): Members {
  const filled = channels.filter((channel) => channel.name !== '' && channel.uri !== '');
  return filled.length > 0 ? { InputDataConfig: filled.map(channelRequestOf) } : {};
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
