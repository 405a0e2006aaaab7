/** The objects that AWS's validation reads: sample data, and the model of a package whose model is not in its image. */
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packFolder } from '@algo/local';
import type { PublishContext } from '../context.js';
import type { Step } from '../step.js';
import { objectsStep, type Upload } from './objects.js';

export function sampleDataStep(context: PublishContext): Step {
  const { storage } = context.source.seller;
  return objectsStep(context, {
    name: 'sample data',
    makes: `objects below ${storage}/sample-data/: what the validation trains and predicts with`,
    uploads: async () => {
      const { trainingJob, transformJob, moreTransformJobs } = context.source.profile;
      const channels = Object.values(trainingJob?.channels ?? {}).map(({ path }) => path);
      const paths = new Set([
        ...channels,
        ...(transformJob ? [transformJob] : []).concat(moreTransformJobs).map(({ input }) => input),
      ]);
      return [...paths].flatMap((path) => uploadsOf(context, path.replace(/\/+$/, '')));
    },
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

function uploadsOf(context: PublishContext, path: string): readonly Upload[] {
  const full = join(context.request.sampleData, path);
  if (!statSync(full).isDirectory()) return [{ key: keyOf(context, `sample-data/${path}`), path: full }];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      path: file,
      key: keyOf(context, `sample-data/${path}${file.slice(full.length).replaceAll('\\', '/')}`),
    }));
}

/** Of what is below the product's storage. */
function keyOf({ source }: PublishContext, path: string): string {
  const { storage, bucket } = source.seller;
  return `${storage.slice(`s3://${bucket}/`.length)}/${path}`;
}
