/**
 * The folder of a job's checkpoints: filled before the program starts, and named in checkpointconfig.json. A process finds it
 * by its path on this machine, a container below /opt/ml. A folder that a caller keeps between jobs is linked to instead.
 */
import { symlinkSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type OptMl, writeCheckpointConfig } from '../container/opt-ml.js';
import { isImageProgram, type Program } from '../container/program.js';
import { ArgumentError } from '../errors.js';
import { copyFiles, listFiles } from '../files/file-tree.js';
import { makeFolder, prepareOutput } from '../files/folder.js';
import type { CheckpointCopy, CheckpointRequest } from './checkpoint-request.js';

const DEFAULT_PATH = '/opt/ml/checkpoints';

/** @throws ArgumentError when there are no initial checkpoints at the path that is given, or the folder cannot be written */
export async function provideCheckpoints(tree: OptMl, program: Program, request: CheckpointRequest): Promise<void> {
  if ('folder' in request) linkFolder(tree, program, request.folder);
  else await copyInitial(tree, program, request);
}

// --- internal ---

function linkFolder(tree: OptMl, program: Program, folder: string): void {
  if (isImageProgram(program)) {
    throw new ArgumentError(
      'A folder of checkpoints must be used by a program that runs as a process; this one is an image.',
    );
  }
  prepareOutput(folder, 'Checkpoint folder');
  const link = join(tree.base, basename(DEFAULT_PATH));
  symlinkSync(resolve(folder), link);
  writeCheckpointConfig(tree, link);
}

async function copyInitial(tree: OptMl, program: Program, request: CheckpointCopy): Promise<void> {
  const { localPath = DEFAULT_PATH, initial, onFolder } = request;
  const folder = join(tree.base, basename(localPath));
  makeFolder(folder);
  if (initial !== undefined) await copyFiles(listFiles(initial, 'Checkpoints'), folder);
  writeCheckpointConfig(tree, isImageProgram(program) ? localPath : folder);
  onFolder(folder);
}
