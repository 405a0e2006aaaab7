/** The files of a channel or a transform: those of a folder, or those that a manifest lists. */
import { listFiles, type TreeFile } from './file-tree.js';
import { listManifest } from './manifest.js';

/** In S3's words, which here are about paths. */
export type InputDataType = 'S3Prefix' | 'ManifestFile';

/** @throws ArgumentError as listFiles and listManifest */
export function listInput(path: string, type: InputDataType | undefined, what: string): readonly TreeFile[] {
  return type === 'ManifestFile' ? listManifest(path, what) : listFiles(path, what);
}
