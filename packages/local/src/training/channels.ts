/**
 * The channels of a training job: found before it starts, then copied for File and FastFile mode, or fed through FIFOs.
 */
import { join } from 'node:path';
import { inputModeOf, type OptMl } from '../container/opt-ml.js';
import { ArgumentError } from '../errors.js';
import { checkOutside, copyReadOnly, type TreeFile } from '../files/file-tree.js';
import { listInput } from '../files/input-files.js';
import type { ChannelInput, InputMode } from './channel-input.js';
import { isForGroup } from './instance-groups.js';
import { openPipeChannel, type PipeChannel } from './pipe-channel.js';
import { fileSource, manifestSource, type PipeSource, recordSource } from './pipe-source.js';
import { partOf, type Share } from './share.js';
import { shuffled } from './shuffle.js';
import type { TrainingJobRequest } from './training-request.js';

export interface LocatedChannel {
  readonly name: string;
  /** Of all hosts, in the order of their keys. */
  readonly files: readonly TreeFile[];
  readonly input: ChannelInput;
  readonly mode: InputMode;
}

/** @throws ArgumentError for a channel without files or with a folder of the job in it, or what is no augmented manifest */
export function locateChannels(
  request: Pick<TrainingJobRequest, 'channels' | 'inputMode' | 'workDirectory' | 'outputDirectory'>,
): readonly LocatedChannel[] {
  return Object.entries(request.channels).map(([name, channel]) => {
    const what = `Channel "${name}"`;
    const files = listInput(channel.path, channel.dataType, what);
    if (files.length === 0) throw new ArgumentError(`${what}: there are no files in ${channel.path}.`);
    for (const folder of [request.workDirectory, request.outputDirectory]) checkOutside(folder, channel.path, what);
    if (channel.attributeNames && files.length > 1) {
      throw new ArgumentError(`${what}: an augmented manifest must be one file; ${channel.path} has ${files.length}.`);
    }
    const mode = inputModeOf(channel, request.inputMode);
    return { name, files, input: channel, mode };
  });
}

/** A host of the job. */
export interface HostPlace {
  readonly index: number;
  /** The instance group of each host, by index. */
  readonly groups: readonly string[];
}

/**
 * The channels that are for the host's group. One that is sharded is divided among the hosts of the groups that it is for.
 * @param pipes gets the channels in Pipe mode, which are to be closed in any case
 */
export async function provideChannels(
  tree: OptMl,
  channels: readonly LocatedChannel[],
  { index, groups }: HostPlace,
  pipes: PipeChannel[],
): Promise<void> {
  for (const channel of channels) {
    if (!isForGroup(channel.input, groups[index]!)) continue;
    const path = join(tree.data, channel.name);
    const countOf = (some: readonly string[]) => some.filter((group) => isForGroup(channel.input, group)).length;
    const isSharded = channel.input.distributionType === 'ShardedByS3Key';
    const share = isSharded ? { index: countOf(groups.slice(0, index)), count: countOf(groups) } : undefined;
    if (channel.mode === 'Pipe') pipes.push(await openPipeChannel(path, pipeSourceOf(channel, share)));
    else await copyReadOnly(copiedFiles(channel, share), path);
  }
}

/** The files of File and FastFile mode in the order in which they are copied. @param share undefined: all */
export function copiedFiles({ files, input }: LocatedChannel, share?: Share): readonly TreeFile[] {
  return partOf(shuffled(files, input.shuffleSeed, 0), share);
}

// --- internal ---

function pipeSourceOf({ input, files }: LocatedChannel, share: Share | undefined): PipeSource {
  const { attributeNames, compressionType, shuffleSeed } = input;
  const isWrapped = input.recordWrapperType === 'RecordIO';
  if (attributeNames) return manifestSource(files[0]!.path, attributeNames, { isWrapped, shuffleSeed, share });
  const source = isWrapped ? recordSource : fileSource;
  return source(files, { isGzip: compressionType === 'Gzip', shuffleSeed, share });
}
