/** Fetches what a transform job of the validation profile wrote, and compares it with the stored samples. */
import { createWriteStream, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { checkStoredOutputs, JobError } from '@algo/local';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { PublishContext } from './context.js';

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
  const pairs = [];
  for (const { input, stored } of outputsOf(context, job)) {
    const key = found.find((one) => one.endsWith(`/${input}.out`));
    if (key === undefined)
      throw new JobError(`${uri} must have ${input}.out, the output of this validation; it is missing`);
    const received = join(directory, `${input}.out`);
    await download(context, key, received);
    pairs.push({ name: stored, received, contentType: job.accept });
  }
  return checkStoredOutputs(request.sampleData, pairs, [], relativeTolerance);
}

// --- internal ---

/** Keys of the objects below an address that are not older, the newest first. */
async function listNewest({ clients, source }: PublishContext, uri: string, since: Date): Promise<readonly string[]> {
  const { bucket: Bucket } = source.seller;
  const from = Math.floor(since.getTime() / 1000) * 1000; // S3's times are whole seconds
  const found: { readonly key: string; readonly time: number }[] = [];
  const Prefix = `${uri.slice(`s3://${Bucket}/`.length)}/`;
  for await (const { Contents = [] } of paginateListObjectsV2({ client: clients.s3 }, { Bucket, Prefix })) {
    for (const { Key: key = '', LastModified } of Contents) found.push({ key, time: LastModified?.getTime() ?? 0 });
  }
  return found
    .filter(({ time }) => time >= from)
    .sort((a, b) => b.time - a.time)
    .map(({ key }) => key);
}

interface Output {
  readonly input: string;
  readonly stored: string;
}

/** Each input of the transform job, relative to its folder, with its stored output. */
function outputsOf({ request }: PublishContext, { input, expectedOutput }: TransformJob): readonly Output[] {
  const full = join(request.sampleData, input);
  if (!statSync(full).isDirectory()) {
    const name = basename(input);
    const isFolder = statSync(join(request.sampleData, expectedOutput), { throwIfNoEntry: false })?.isDirectory();
    return [{ input: name, stored: isFolder ? join(expectedOutput, `${name}.out`) : expectedOutput }];
  }
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(full).length + 1))
    .sort()
    .map((name) => ({ input: name, stored: join(expectedOutput, `${name}.out`) }));
}

async function download({ clients, source }: PublishContext, Key: string, path: string): Promise<void> {
  const { Body } = await clients.s3.getObject({ Bucket: source.seller.bucket, Key });
  mkdirSync(dirname(path), { recursive: true });
  await pipeline(Body as Readable, createWriteStream(path));
}
