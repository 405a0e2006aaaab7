/** What a trial depends on, in one digest: a trial that has passed is repeated when it changes. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { digestFile, listFiles } from '@algo/local';
import type { PublishContext } from '../context.js';
import { imagesOf } from '../images.js';
import { storedImageId } from '../steps/image.js';

/** A changed definition, image, model of a package, sample or expected output makes a new trial necessary. */
export async function trialDigest(context: PublishContext): Promise<string> {
  const { source, request } = context;
  const { definition, profile, product, seller } = source;
  const { trainingJob, transformJob, moreTransformJobs, realTime, model } = profile;
  const images = await Promise.all(imagesOf(context).map((image) => storedImageId(context, image)));
  const place = [seller.account, seller.region, ...images];
  const hash = createHash('sha256').update(JSON.stringify([definition, profile, product.recommended, place]));
  const jobs = [...(transformJob ? [transformJob] : []), ...moreTransformJobs, ...realTime];
  const paths = [
    ...(model === undefined ? [] : [model]),
    ...Object.values(trainingJob?.channels ?? {}).map(({ path }) => path),
    ...jobs.flatMap(({ input, expectedOutput }) => [input, expectedOutput]),
  ];
  for (const path of paths) {
    const full = join(request.sampleData, path);
    if (!existsSync(full)) continue; // a missing output is found when it is compared
    for (const file of listFiles(full, 'Sample data')) {
      hash.update(JSON.stringify([path, file.key, await digestFile(file.path)]));
    }
  }
  return hash.digest('hex');
}
