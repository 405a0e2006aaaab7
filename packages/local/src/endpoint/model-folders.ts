/** Where the models of a multi-model endpoint lie: each unpacked, read-only, in a folder named by a digest of its target. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { makeReadOnly } from '../files/file-tree.js';
import { makeFolder } from '../files/folder.js';
import { removeTree } from '../files/remove-tree.js';
import { unpackArchive } from '../files/unpack-archive.js';
import { ModelNotFound } from './target-model-errors.js';

export interface ModelFoldersOptions {
  /** Of all models, on this machine. */
  readonly folder: string;
  /** The same folder as the container has it. */
  readonly containerFolder: string;
  /** The archive of a target; undefined where there is none. */
  readonly find: (target: string) => string | undefined;
}

export interface ModelFolders {
  nameOf(target: string): string;
  /** The folder as the container finds it. */
  url(name: string): string;
  /** @throws ModelNotFound; JobError when the archive cannot be used */
  unpack(target: string, name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export function createModelFolders({ folder, containerFolder, find }: ModelFoldersOptions): ModelFolders {
  return {
    nameOf: (target) => createHash('sha256').update(target).digest('hex').slice(0, NAME_CHARS),
    url: (name) => `${containerFolder}/${name}/model`,
    async unpack(target, name) {
      const archive = find(target);
      if (archive === undefined) throw new ModelNotFound(target);
      const model = join(folder, name, 'model');
      await removeTree(join(folder, name)); // of a load that was interrupted
      makeFolder(model);
      await unpackArchive(archive, model);
      await makeReadOnly(model);
    },
    async remove(name) {
      if (existsSync(join(folder, name))) await removeTree(join(folder, name));
    },
  };
}

// --- internal ---

/** 128 bits. */
const NAME_CHARS = 32;
