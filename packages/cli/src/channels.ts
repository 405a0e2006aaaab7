/** The channels of a training job as its options describe them. */
import { type AlgorithmDescription, ArgumentError, type ChannelInput, type InputDataType } from '@algo/local';
import { type Pairs, parseChannel } from './option-values.js';

export interface ChannelOptions {
  readonly channel?: Pairs;
  readonly compression: 'None' | 'Gzip';
  readonly recordWrapper: 'None' | 'RecordIO';
  readonly attributes?: Pairs;
  readonly dataType?: Pairs;
  readonly shuffle?: number;
  readonly shard?: readonly string[];
  readonly channelGroups?: Pairs;
  readonly group?: Pairs;
}

/**
 * @param from the folder that a relative path starts at
 * @throws ArgumentError for a channel that the algorithm requires, an option of a channel that the job does not have, or another type of data
 */
export function channelsOf(
  options: ChannelOptions,
  { Name, TrainingSpecification }: AlgorithmDescription,
  from: string,
): Readonly<Record<string, ChannelInput>> {
  const { channel = {}, attributes = {}, dataType = {}, compression, recordWrapper, shuffle, shard = [] } = options;
  const { group = {}, channelGroups = {} } = options;
  const required = (TrainingSpecification?.TrainingChannels ?? []).filter(({ IsRequired }) => IsRequired);
  const missing = required.filter((one) => !Object.hasOwn(channel, one.Name)).map((one) => one.Name);
  if (missing.length > 0) {
    const options = missing.map((name) => `--channel ${name}=PATH`).join(' ');
    const received = Object.keys(channel).length > 0 ? `; received ${Object.keys(channel).join(', ')}` : '';
    throw new ArgumentError(`${Name} must have the channel ${missing.join(' and ')}${received}. Give ${options}.`);
  }
  requireChannels(channel, '--attributes', attributes);
  requireChannels(channel, '--data-type', dataType);
  requireChannels(channel, '--channel-groups', channelGroups);
  requireChannels(channel, '--shard', Object.fromEntries(shard.map((name) => [name, ''])));
  const channels = Object.entries(channel).map(([name, text]) => {
    const input: ChannelInput = {
      ...parseChannel(text, from),
      dataType: dataTypeOf(name, dataType),
      compressionType: compression,
      recordWrapperType: recordWrapper,
      attributeNames: namesOf(name, attributes),
      shuffleSeed: shuffle,
      ...(shard.includes(name) && { distributionType: 'ShardedByS3Key' }),
      // All channels have groups, or none.
      ...(Object.keys(channelGroups).length > 0 && {
        instanceGroupNames: namesOf(name, channelGroups) ?? Object.keys(group),
      }),
    };
    return [name, input] as const;
  });
  return Object.fromEntries(channels);
}

// --- internal ---

const DATA_TYPES: readonly string[] = ['S3Prefix', 'ManifestFile'] satisfies InputDataType[];

/** `name,name` of a channel; undefined where it has none. */
function namesOf(channel: string, lists: Pairs): readonly string[] | undefined {
  return Object.hasOwn(lists, channel) ? lists[channel]!.split(',') : undefined;
}

function dataTypeOf(name: string, types: Pairs): InputDataType | undefined {
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  if (type === undefined || DATA_TYPES.includes(type)) return type as InputDataType | undefined;
  const hint = type === 'AugmentedManifestFile' ? ` An augmented manifest is given by --attributes ${name}=….` : '';
  throw new ArgumentError(
    `--data-type of channel "${name}" must be ${DATA_TYPES.join(' or ')}; received "${type}".${hint}`,
  );
}

function requireChannels(channel: Pairs, option: string, values: Pairs): void {
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(channel, name));
  if (unknown === undefined) return;
  throw new ArgumentError(
    `${option} must name a channel of the job: ${Object.keys(channel).join(', ') || 'it has none'}; received "${unknown}".`,
  );
}
