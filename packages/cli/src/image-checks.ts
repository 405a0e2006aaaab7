/** Where checks of images are kept, and when they are removed: an image that is built again is another one, and has to be checked again. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { outputFolder } from './workspace.js';

/** Below `.algo`: of the image, and of one that only trains. @param name of the algorithm's folder */
export function checkFolders(from: string, name: string): readonly [image: string, trainingImage: string] {
  return [outputFolder(from, 'image', name), outputFolder(from, 'training-image', name)];
}

/** Removes the checks of the image that had this name before. */
export function forgetChecks(image: string, folders: readonly string[]): void {
  for (const folder of folders) {
    const file = join(folder, 'check.json');
    if (existsSync(file) && checkedImage(file) === image) rmSync(file);
  }
}

// --- internal ---

/** Undefined for what a command has left that was interrupted. */
function checkedImage(file: string): string | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))?.image;
  } catch {
    return undefined;
  }
}
