/**
 * The objects of trials. SageMaker writes outputs without marks, so a trial puts one object with marks where its outputs will be,
 * before its jobs begin: what has the names of outputs of that trial next to it is the trial's, and nothing else is.
 */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { hasMarks, keyOfUri, objectsOf, removable } from '../bucket-objects.js';
import type { PublishContext } from '../context.js';
import type { Found } from '../found.js';
import { metadataOf } from '../mark.js';
import { type TrialNames, trialPrefix, trialStorage } from './names.js';

/** Before the jobs of the trial begin. */
export async function markTrial(context: PublishContext, { name, storage }: TrialNames): Promise<void> {
  const { clients, source, mark } = context;
  const Body = `What is next to this file was made by the trial ${name} of algo publish.\n`;
  await clients.s3.putObject({
    Bucket: source.seller.bucket,
    Key: `${keyOfUri(context, storage)}/${MARKER}`,
    Body,
    Metadata: metadataOf(mark, createHash('sha256').update(Body).digest('hex')),
  });
}

/** Outputs before the object with the marks: the next run must know them if this one is killed between the two. */
export async function findTrialObjects(
  context: PublishContext,
  isWanted: (name: string) => boolean = () => true,
): Promise<readonly Found[]> {
  const keys = (await objectsOf(context, `${keyOfUri(context, trialStorage(context))}/`)).map(({ key }) => key);
  const found: Found[] = [];
  for (const marker of keys.filter((key) => posix.basename(key) === MARKER)) {
    const folder = posix.dirname(marker);
    const name = `${trialPrefix(context)}${posix.basename(folder)}`;
    if (!isWanted(name) || !(await hasMarks(context, marker))) continue;
    const outputs = keys.filter((key) => key.startsWith(`${folder}/`) && isOutput(key.slice(folder.length + 1), name));
    for (const key of [...outputs, marker]) found.push(removable(context, key));
  }
  return found;
}

// --- internal ---

const MARKER = 'made-by-algo-publish.txt';

/** What a training job writes is below its name; what a transform job writes ends in `.out`. */
function isOutput(path: string, name: string): boolean {
  return path.startsWith(`training/${name}/`) || /^transform-\d+\/.*\.out$/.test(path);
}
