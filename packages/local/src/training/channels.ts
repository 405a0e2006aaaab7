/**
 * The channels of a training job: found before it starts, then copied for File and FastFile mode, or fed through FIFOs.
 */
import { join } from 'node:path';
import { inputModeOf, type OptMl } from '../container/opt-ml.js';
import { ArgumentError } from '../errors.js';
import { checkOutside, copyReadOnly, type TreeFile } from '../files/file-tree.js';
import { listInput } from '../files/input-files.js';
import type { ChannelInput } from './channel-input.js';
import { openPipeChannel, type PipeChannel } from './pipe-channel.js';
import { fileSource, manifestSource, type PipeSource, recordSource } from './pipe-source.js';
import { shuffled } from './shuffle.js';
import type { TrainingJobRequest } from './training-request.js';

export interface LocatedChannel {
  readonly name: string;
  /** In the order in which they are copied. */
  readonly files: readonly TreeFile[];
  /** In Pipe mode: what comes through. */
  readonly pipe: PipeSource | undefined;
}

/** @throws ArgumentError for a channel without files, or with a folder of the job in it */
export function locateChannels(
  request: Pick<TrainingJobRequest, 'channels' | 'inputMode' | 'workDirectory' | 'outputDirectory'>,
): readonly LocatedChannel[] {
  return Object.entries(request.channels).map(([name, channel]) => {
    const what = `Channel "${name}"`;
    const files = listInput(channel.path, channel.dataType, what);
    if (files.length === 0) throw new ArgumentError(`${what}: there are no files in ${channel.path}.`);
    for (const folder of [request.workDirectory, request.outputDirectory]) checkOutside(folder, channel.path, what);
    const isPipe = inputModeOf(channel, request.inputMode) === 'Pipe';
    const pipe = isPipe ? pipeSourceOf(channel, files, what) : undefined;
    return { name, files: shuffled(files, channel.shuffleSeed, 0), pipe };
  });
}

/** @param pipes gets the channels in Pipe mode, which are to be closed in any case */
export async function provideChannels(
  tree: OptMl,
  channels: readonly LocatedChannel[],
  pipes: PipeChannel[],
): Promise<void> {
  for (const { name, files, pipe } of channels) {
    const path = join(tree.data, name);
    if (pipe) pipes.push(await openPipeChannel(path, pipe));
    else await copyReadOnly(files, path);
  }
}

// --- internal ---

function pipeSourceOf(channel: ChannelInput, files: readonly TreeFile[], what: string): PipeSource {
  const { attributeNames, compressionType, shuffleSeed } = channel;
  const isWrapped = channel.recordWrapperType === 'RecordIO';
  if (attributeNames) {
    const [manifest, ...others] = files;
    if (!manifest || others.length > 0) {
      throw new ArgumentError(`${what}: an augmented manifest must be one file; ${channel.path} has ${files.length}.`);
    }
    return manifestSource(manifest.path, attributeNames, { isWrapped, shuffleSeed });
  }
  const source = isWrapped ? recordSource : fileSource;
  return source(files, { isGzip: compressionType === 'Gzip', shuffleSeed });
}
