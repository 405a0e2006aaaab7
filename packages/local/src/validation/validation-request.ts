/**
 * What a validation is asked to do, and what its steps share.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { AlgorithmDescription } from '../container/description.js';
import type { Program } from '../container/program.js';
import type { Endpoint } from '../endpoint/endpoint.js';
import type { OnEvent } from '../events.js';
import { copyReadOnly, digestFile, listFiles, type TreeFile } from '../files/file-tree.js';
import type { TrainingJobResult } from '../training/training-job.js';
import type { ValidationProfile } from './profile-schema.js';

export interface ValidationRequest {
  /** Serves, and trains as well where nothing else does. */
  readonly program: Program;
  /** Trains, of a product with a training image and an inference image. */
  readonly trainingProgram?: Program | undefined;
  readonly description: AlgorithmDescription;
  /** The folder with validation-profile.json. */
  readonly sampleData: string;
  /** Gets everything; what it held before is removed. */
  readonly directory: string;
  /** Writes the stored outputs from this run instead of comparing with them. */
  readonly isUpdate?: boolean;
  readonly stop?: AbortSignal | undefined;
  readonly onEvent?: OnEvent | undefined;
}

/** What the steps share; a step that runs fills its part. */
export interface ValidationWork extends ValidationRequest {
  readonly profile: ValidationProfile;
  /** A copy of the sample data that is used. */
  readonly inputs: string;
  readonly inputDigests: Readonly<Record<string, string>>;
  /** Folder of the outputs that a training image gives with its own model, in the place of the stored ones. */
  expected?: string;
  training?: TrainingJobResult;
  /** model.tar.gz of the training job or of a model package; undefined where the image has the model. */
  modelArchive?: string | undefined;
  modelDigest?: string;
  endpoint?: Endpoint;
}

/** One of them. */
export interface ValidationStep {
  readonly name: string;
  /** Steps that must have passed. */
  readonly needs: readonly string[];
  /** Runs also when the validation was stopped. */
  readonly isCleanUp?: boolean;
  run(): Promise<string>;
}

/** Copies every input the profile names, so that the folder is complete; returns their digests. */
export async function copyInputs(
  sampleData: string,
  profile: ValidationProfile,
  target: string,
): Promise<Readonly<Record<string, string>>> {
  const { trainingJob, model, transformJob, moreTransformJobs, realTime, holdOut } = profile;
  const paths = new Set([
    ...Object.values(trainingJob?.channels ?? {}).map((channel) => channel.path),
    ...(model === undefined ? [] : [model]),
    ...(transformJob ? [transformJob.input] : []),
    ...moreTransformJobs.map((job) => job.input),
    ...realTime.map((sample) => sample.input),
    ...(holdOut ? [holdOut.path] : []),
  ]);
  const files: TreeFile[] = [...paths].flatMap((path) => {
    const full = join(sampleData, path);
    const found = listFiles(full, `Sample data "${path}"`);
    const isFolder = statSync(full).isDirectory();
    return found.map((file) => ({ ...file, key: isFolder ? `${path}/${file.key}` : path }));
  });
  await copyReadOnly(files, target);
  const digests: Record<string, string> = {};
  for (const file of files) digests[file.key] = await digestFile(file.path);
  return digests;
}
