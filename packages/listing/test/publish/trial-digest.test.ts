/** When a trial that has passed is to be repeated. */
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openContext, type PublishContext } from '../../src/publish/context.js';
import { trialDigest } from '../../src/publish/trial/trial-digest.js';
import { openAccount } from '../support/account.js';
import { writeFiles } from '../support/folder.js';

async function openTrial(): Promise<{ readonly context: PublishContext; readonly sampleData: string }> {
  const request = (await openAccount()).request();
  return { context: await openContext(request), sampleData: request.sampleData };
}

it('changes with a sample, an expected output, and the name of a file', async () => {
  const { context, sampleData } = await openTrial();
  const digests = [await trialDigest(context), await trialDigest(context)];

  writeFiles(sampleData, { 'train/numbers.csv': '1,2\n3,5\n' });
  digests.push(await trialDigest(context));
  writeFiles(sampleData, { 'real-time-output/one.csv': '22' });
  digests.push(await trialDigest(context));
  renameSync(join(sampleData, 'batch', 'a.csv'), join(sampleData, 'batch', 'b.csv'));
  digests.push(await trialDigest(context));

  expect(digests[1]).toBe(digests[0]);
  expect(new Set(digests).size).toBe(4);
});

it('changes with the model of a package, be it an archive or a folder', async () => {
  const { context, sampleData } = await openTrial();
  const digestWith = (model: string) => {
    const { source } = context;
    return trialDigest({ ...context, source: { ...source, profile: { ...source.profile, model } } });
  };
  writeFiles(sampleData, { 'model.tar.gz': 'one', 'model/model.json': '1' });
  const [archive, folder] = [await digestWith('model.tar.gz'), await digestWith('model')];

  writeFiles(sampleData, { 'model.tar.gz': 'two', 'model/model.json': '2' });

  expect(await digestWith('model.tar.gz')).not.toBe(archive);
  expect(await digestWith('model')).not.toBe(folder);
});
