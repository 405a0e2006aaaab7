/** The size of a model's files, before anything of it is read. */
import { isAbsolute, join } from 'node:path';
import { shorten } from '../message.js';
import { noFolder } from './model-errors.js';

/** Bytes of all files below `folder`. @throws ContractError when it is no absolute path of a folder that is there */
export async function folderBytes(folder: string): Promise<number> {
  if (!isAbsolute(folder)) throw noFolder(shorten(folder), 'it is no absolute path');
  try {
    const { readdir, stat } = await import('node:fs/promises');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory());
    const sizes = await Promise.all(
      files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  } catch (error) {
    const { code = 'an unknown error' } = error as NodeJS.ErrnoException;
    throw noFolder(shorten(folder), code);
  }
}
