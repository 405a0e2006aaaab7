/**
 * The folder of a job's checkpoints: filled before the program starts, and named in checkpointconfig.json. A process finds it
 * by its path on this machine, a container below /opt/ml.
 */
import { basename, join } from 'node:path';
import { type OptMl, writeCheckpointConfig } from '../container/opt-ml.js';
import { isImageProgram, type Program } from '../container/program.js';
import { copyFiles, listFiles } from '../files/file-tree.js';
import { makeFolder } from '../files/folder.js';
import type { CheckpointRequest } from './training-request.js';

const DEFAULT_PATH = '/opt/ml/checkpoints';

/** @throws ArgumentError when there are no initial checkpoints at the path that is given */
export async function provideCheckpoints(tree: OptMl, program: Program, request: CheckpointRequest): Promise<void> {
  const { localPath = DEFAULT_PATH, initial, onFolder } = request;
  const folder = join(tree.base, basename(localPath));
  makeFolder(folder);
  if (initial !== undefined) await copyFiles(listFiles(initial, 'Checkpoints'), folder);
  writeCheckpointConfig(tree, isImageProgram(program) ? localPath : folder);
  onFolder(folder);
}
