/** The channels of a training job: objects of S3 as folders and files on this machine. */
import { join } from 'node:path';
import type { ChannelInput, InputMode } from '@algo/local';
import { fastFileInput, InputError, type S3DataType, stageInput } from '../../jobs/input-data.js';
import type { ObjectStore } from '../../object-store.js';
import type { Channel } from '../definitions/training-job.js';
import type { TrainingJobMembers } from './shapes.js';

/**
 * @param folder for links to the objects
 * @throws InputError when a channel's objects are gone
 */
export async function stageChannels(
  objects: ObjectStore,
  { InputDataConfig = [], AlgorithmSpecification }: TrainingJobMembers,
  folder: string,
): Promise<Record<string, ChannelInput>> {
  const channels: [name: string, input: ChannelInput][] = [];
  for (const channel of InputDataConfig) {
    const name = channel.ChannelName;
    const mode = channel.InputMode ?? AlgorithmSpecification.TrainingInputMode;
    channels.push([name, await stageChannel(objects, channel, mode, join(folder, name))]);
  }
  return Object.fromEntries(channels);
}

// --- internal ---

async function stageChannel(
  objects: ObjectStore,
  channel: Channel,
  mode: InputMode,
  folder: string,
): Promise<ChannelInput> {
  const { S3Uri, S3DataType, AttributeNames, S3DataDistributionType, InstanceGroupNames } =
    channel.DataSource.S3DataSource!;
  try {
    const uri = mode === 'FastFile' ? ((await fastFileInput(objects, S3Uri)) ?? S3Uri) : S3Uri;
    const path = await stageInput(objects, S3DataType as S3DataType, uri, folder, AttributeNames);
    return {
      path,
      contentType: channel.ContentType,
      inputMode: channel.InputMode,
      compressionType: channel.CompressionType,
      recordWrapperType: channel.RecordWrapperType,
      attributeNames: AttributeNames,
      dataType: S3DataType === 'ManifestFile' ? S3DataType : undefined,
      shuffleSeed: channel.ShuffleConfig?.Seed,
      distributionType: S3DataDistributionType,
      ...(InstanceGroupNames && InstanceGroupNames.length > 0 && { instanceGroupNames: InstanceGroupNames }),
    };
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`channel ${channel.ChannelName}: ${error.message}`);
    throw error;
  }
}
