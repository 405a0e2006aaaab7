/** The files of the sample data that a path of the validation profile names, with the keys that their objects get. */
import { join, relative, sep } from 'node:path';
import { listFiles, PROFILE_FILE } from '@algo/local';
import type { PublishContext } from './context.js';

export interface SampleFile {
  /** On this machine. */
  readonly file: string;
  /** Below the path, or the name of the file that the path is; with slashes. */
  readonly name: string;
  /** Below the folder of the sample data; with slashes. */
  readonly path: string;
}

/**
 * In the order of S3's listing.
 * @param path of the profile: of a file, or of a folder, whose files at any depth it names
 * @throws ArgumentError for a path that is not there
 */
export function sampleFiles(sampleData: string, path: string): readonly SampleFile[] {
  return listFiles(join(sampleData, path), `${PROFILE_FILE}, "${path}"`).map(({ key: name, path: file }) => {
    return { file, name, path: relative(sampleData, file).replaceAll(sep, '/') };
  });
}

/** What AWS's validation reads: paths of the channels, of the batch, and of a model that is not in the image. */
export function validationPaths({ source }: PublishContext): readonly string[] {
  const { trainingJob, transformJob, model } = source.profile;
  const channels = Object.values(trainingJob?.channels ?? {}).map(({ path }) => path);
  return [...channels, ...(transformJob ? [transformJob.input] : []), ...(model === undefined ? [] : [model])];
}
