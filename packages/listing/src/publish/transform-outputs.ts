/** Fetches what a transform job of the validation profile wrote, and compares it with the stored samples. */
import { createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkStoredOutputs, JobError } from '@algo/local';
import { objectsOf } from './bucket-objects.js';
import type { PublishContext } from './context.js';
import { sampleFiles } from './sample-files.js';

export type TransformJob = NonNullable<PublishContext['source']['profile']['transformJob']>;

export interface TransformOutputs {
  /** S3OutputPath. */
  readonly uri: string;
  /** Older objects are of an earlier job. */
  readonly since: Date;
  /** Gets the outputs; what it held before is removed. */
  readonly directory: string;
  /** Of the profile; default: the one that AWS validates with. */
  readonly job?: TransformJob;
}

/**
 * @returns what was compared, in a few words
 * @throws JobError for an output that is missing, or the first difference
 */
export async function compareTransform(
  context: PublishContext,
  { uri, since, directory, job = context.source.profile.transformJob }: TransformOutputs,
): Promise<string> {
  const { request, source } = context;
  const { relativeTolerance } = source.profile;
  if (!job) return 'the validation profile has no transform job';
  const found = await listNewest(context, uri, since);
  rmSync(directory, { recursive: true, force: true });
  const outputs = outputsOf(context, job);
  const keys = outputKeys(
    found,
    outputs.map(({ name }) => `${name}.out`),
  );
  const pairs = [];
  for (const [i, { name, stored }] of outputs.entries()) {
    const key = keys[i];
    if (key === undefined)
      throw new JobError(`${uri} must have ${name}.out, the output of this validation; it is missing`);
    const received = join(directory, `${name}.out`);
    await download(context, `${prefixOf(context, uri)}${key}`, received);
    pairs.push({ name: stored, received, contentType: job.accept });
  }
  return checkStoredOutputs(request.sampleData, pairs, [], relativeTolerance);
}

/**
 * Outputs have the paths of their inputs below one folder: that of the job's S3OutputPath, or one in it, where the service adds
 * one of its own.
 * @param keys below the S3OutputPath, the newest first
 * @param names of the outputs below the folder
 * @returns the key of each name, all in one folder; of the folder that has the larger part of them
 */
export function outputKeys(keys: readonly string[], names: readonly string[]): readonly (string | undefined)[] {
  const there = new Set(keys);
  const nested = keys.flatMap((key) =>
    names.filter((name) => key.endsWith(`/${name}`)).map((name) => key.slice(0, -name.length)),
  );
  let best: readonly (string | undefined)[] = names.map(() => undefined);
  for (const folder of new Set(['', ...nested])) {
    const found = names.map((name) => (there.has(`${folder}${name}`) ? `${folder}${name}` : undefined));
    if (countOf(found) > countOf(best)) best = found;
  }
  return best;
}

// --- internal ---

function countOf(found: readonly (string | undefined)[]): number {
  return found.filter((key) => key !== undefined).length;
}

/** In the bucket, with a slash at the end. */
function prefixOf({ source }: PublishContext, uri: string): string {
  return `${uri.slice(`s3://${source.seller.bucket}/`.length)}/`;
}

/** Keys, below an address, of the objects that are not older, the newest first. */
async function listNewest(context: PublishContext, uri: string, since: Date): Promise<readonly string[]> {
  const from = Math.floor(since.getTime() / 1000) * 1000; // S3's times are whole seconds
  const prefix = prefixOf(context, uri);
  const found = (await objectsOf(context, prefix)).filter(({ modified }) => modified.getTime() >= from);
  return found.sort((a, b) => b.modified.getTime() - a.modified.getTime()).map(({ key }) => key.slice(prefix.length));
}

interface Output {
  /** Of the input: its path below the folder of the job, or its name. */
  readonly name: string;
  readonly stored: string;
}

/** Each input of the transform job with its stored output. */
function outputsOf({ request, source }: PublishContext, { input, expectedOutput }: TransformJob): readonly Output[] {
  const isFile = !source.isFolder(input) && !source.isFolder(expectedOutput);
  return sampleFiles(request.sampleData, input).map(({ name }) => ({
    name,
    stored: isFile ? expectedOutput : join(expectedOutput, `${name}.out`),
  }));
}

async function download({ clients, source }: PublishContext, Key: string, path: string): Promise<void> {
  const { Body } = await clients.s3.getObject({ Bucket: source.seller.bucket, Key });
  mkdirSync(dirname(path), { recursive: true });
  await pipeline(Body as Readable, createWriteStream(path));
}
