/** The archives of a training job as objects: `<S3OutputPath>/<job>/output/model.tar.gz`, or their files one by one. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TrainingJobResult, unpackArchive } from '@algo/local';
import { type ObjectStore, parseS3Uri, s3UriBelow } from '../../object-store.js';
import type { TrainingJobMembers } from './shapes.js';

/** Where the model of a job is, or will be. */
export function modelArtifactsUri({ OutputDataConfig, TrainingJobName }: TrainingJobMembers): string {
  const isArchive = OutputDataConfig.CompressionType !== 'NONE';
  return s3UriBelow(OutputDataConfig.S3OutputPath, `${TrainingJobName}/output/model${isArchive ? '.tar.gz' : '/'}`);
}

/**
 * @param folder for files that are unpacked
 * @param signal ends the unpacking, which then throws the signal's reason
 */
export async function uploadArtifacts(
  objects: Pick<ObjectStore, 'put'>,
  { OutputDataConfig, TrainingJobName }: Pick<TrainingJobMembers, 'OutputDataConfig' | 'TrainingJobName'>,
  { modelArchive, outputArchive }: Pick<TrainingJobResult, 'modelArchive' | 'outputArchive'>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const { S3OutputPath, CompressionType = 'GZIP' } = OutputDataConfig;
  const { bucket, key } = parseS3Uri(s3UriBelow(S3OutputPath, `${TrainingJobName}/output`))!;
  for (const [name, archive] of [
    ['model', modelArchive],
    ['output', outputArchive],
  ] as const) {
    if (archive === undefined) continue;
    if (CompressionType === 'GZIP') await objects.put(bucket, `${key}/${name}.tar.gz`, archive);
    else {
      const files = join(folder, name);
      mkdirSync(files, { recursive: true });
      await unpackArchive(archive, files, { signal });
      await uploadFiles(objects, bucket, `${key}/${name}`, files);
    }
  }
}

// --- internal ---

async function uploadFiles(
  objects: Pick<ObjectStore, 'put'>,
  bucket: string,
  prefix: string,
  folder: string,
): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    await objects.put(bucket, `${prefix}/${path.slice(folder.length + 1)}`, path);
  }
}
