/** The objects that AWS's validation reads: sample data, and the model of a package whose model is not in its image. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { JobError, packFolder } from '@algo/local';
import type { PublishContext } from '../context.js';
import { findEveryResource, findResources } from '../resources.js';
import { sampleFiles } from '../sample-files.js';
import type { Step } from '../step.js';
import { objectsStep, type Upload } from './objects.js';

export function sampleDataStep(context: PublishContext): Step {
  const { storage } = context.source.seller;
  return objectsStep(context, {
    name: 'sample data',
    makes: `objects below ${storage}/sample-data/: what the validation trains and predicts with`,
    async uploads() {
      const { sampleData } = context.request;
      const files = [...pathsOf(context)].flatMap((path) => sampleFiles(sampleData, path));
      const once = new Map(files.map(({ file, path }) => [path, file]));
      return [...once].map(([path, file]): Upload => ({ path: file, key: keyOf(context, `sample-data/${path}`) }));
    },
    prefixes: () => [...prefixesOf(context)].map((path) => keyOf(context, `sample-data/${path}`)),
    beforeChange: () => checkNobodyReads(context),
  });
}

/** Undefined where the product is trained, or has its model in the image. */
export function modelStep(context: PublishContext): Step | undefined {
  const { source, request } = context;
  const { model } = source.profile;
  if (model === undefined) return undefined;
  const { storage } = source.seller;
  return objectsStep(context, {
    name: 'model',
    makes: `object ${storage}/model.tar.gz`,
    uploads: async () => {
      const path = join(request.sampleData, model);
      return [
        { key: keyOf(context, 'model.tar.gz'), path: statSync(path).isDirectory() ? await pack(context, path) : path },
      ];
    },
  });
}

// --- internal ---

/** With one time for all files, the same model gives the same archive. */
async function pack({ request }: PublishContext, folder: string): Promise<string> {
  mkdirSync(request.directory, { recursive: true });
  const archive = join(request.directory, 'model.tar.gz');
  await packFolder(folder, archive);
  return archive;
}

/** What the validation and the trial read. */
function pathsOf({ source }: PublishContext): ReadonlySet<string> {
  const { trainingJob, transformJob, moreTransformJobs } = source.profile;
  const channels = Object.values(trainingJob?.channels ?? {}).map(({ path }) => path);
  const jobs = [...(transformJob ? [transformJob] : []), ...moreTransformJobs];
  return new Set([...channels, ...jobs.map(({ input }) => input)]);
}

/** As the requests name them: jobs read every object whose key begins so. An augmented manifest is read alone. */
function prefixesOf(context: PublishContext): ReadonlySet<string> {
  const { source } = context;
  const channels = Object.values(source.profile.trainingJob?.channels ?? {});
  const alone = new Set(channels.filter(({ attributeNames }) => attributeNames).map(({ path }) => path));
  const paths = [...pathsOf(context)].filter((path) => !alone.has(path));
  return new Set(paths.map((path) => (source.isFolder(path) ? `${path}/` : path)));
}

/** @throws JobError while a validation of other sample data reads the objects */
async function checkNobodyReads(context: PublishContext): Promise<void> {
  if (context.source.seller.storage !== context.material.seller.storage) return; // a trial alone has its own
  const { kind, current } = await findResources(context);
  const readers = (await findEveryResource(context)).filter(
    ({ isOfVersion, name, status }) =>
      isOfVersion && name !== current?.name && (status === 'Pending' || status === 'InProgress'),
  );
  if (readers.length === 0) return;
  throw new JobError(
    `${kind.noun} ${readers[0]!.name} is ${readers[0]!.status}, and its validation reads these objects. Repeat the command when it has ended.`,
  );
}

/** Of what is below the product's storage. */
function keyOf({ source }: PublishContext, path: string): string {
  const { storage, bucket } = source.seller;
  return `${storage.slice(`s3://${bucket}/`.length)}/${path}`;
}
