/**
 * The tree that the platform mounts at /opt/ml for a training job, in a folder of the user's: an image then trains and
 * serves with it by nothing but `docker run -v`.
 */
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inputModeOf, optMlAt, writeTrainingConfig } from '../container/opt-ml.js';
import { ArgumentError } from '../errors.js';
import { copyFiles } from '../files/file-tree.js';
import { makeFolder, prepareOutput } from '../files/folder.js';
import { copiedFiles, locateChannels } from './channels.js';
import { checkTrainingRequest, type TrainingJobRequest } from './training-request.js';

export interface LayOutRequest
  extends Pick<TrainingJobRequest, 'program' | 'description' | 'channels' | 'hyperparameters' | 'inputMode'> {
  /** Becomes /opt/ml: a new folder, or an empty one. */
  readonly directory: string;
}

/** A channel as it was copied. */
export interface LaidOutChannel {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

/**
 * Writes `input/config/*.json` and `input/data/CHANNEL`, and makes `model` and `output/data`, empty. All of it is the
 * user's own: it may be changed or removed.
 * @returns the channels, in their order
 * @throws ArgumentError for what CreateTrainingJob would refuse, a channel in Pipe mode, and a folder that is not empty
 */
export async function layOutTrainingJob(layOut: LayOutRequest): Promise<readonly LaidOutChannel[]> {
  const { directory, channels, inputMode } = layOut;
  const request = { ...layOut, workDirectory: directory, outputDirectory: directory };
  checkTrainingRequest(request);
  for (const [name, channel] of Object.entries(channels)) {
    if (inputModeOf(channel, inputMode) !== 'Pipe') continue;
    throw new ArgumentError(
      `Channel "${name}" must be in File or FastFile mode to be laid out in a folder; received "Pipe".`,
    );
  }
  const located = locateChannels(request);
  checkEmpty(directory);
  prepareOutput(directory, 'Folder of the layout');
  const tree = optMlAt(directory);
  for (const folder of [tree.config, tree.data, tree.model, tree.outputData]) makeFolder(folder);
  writeTrainingConfig(tree, request);
  for (const name of readdirSync(tree.config)) chmodSync(join(tree.config, name), 0o644);
  for (const channel of located) await copyFiles(copiedFiles(channel), join(tree.data, channel.name));
  return located.map(({ name, files }) => ({
    name,
    files: files.length,
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
  }));
}

// --- internal ---

function checkEmpty(directory: string): void {
  if (!existsSync(directory) || !statSync(directory).isDirectory()) return; // a file is refused where the folder is made
  const found = readdirSync(directory);
  if (found.length === 0) return;
  throw new ArgumentError(
    `${directory} must be a new folder or an empty one; it contains ${found.slice(0, 5).join(', ')}. Remove it, or choose another one.`,
  );
}
