/**
 * DataCaptureConfig: when a transform job is Completed, manifests of its input and its output are objects below
 * DestinationS3Uri, in folders of the hour at which it began. Sources: AWS guide "Capture data from batch transform job"; the
 * names of the objects as in the output of amazon-sagemaker-examples (fairness_and_explainability_jsonlines).
 *
 *   <DestinationS3Uri>/input/2022/08/26/13/<uuid>.json   [{"prefix":"s3://bucket/in/"},"a.csv","sub/b.csv"]
 *   <DestinationS3Uri>/output/2022/08/26/13/<uuid>.json  [{"prefix":"s3://bucket/out/"},"a.csv.out","sub/b.csv.out"]
 */
import { randomUUID } from 'node:crypto';
import { manifestPrefix } from '../../jobs/input-data.js';
import { type ObjectStore, parseS3Uri, s3UriBelow } from '../../object-store.js';
import type { TransformJobMembers } from './shapes.js';

/**
 * @param files their names below the input
 * @param started when the job began
 * @throws ServiceError NoSuchBucket
 */
export async function captureData(
  objects: ObjectStore,
  job: TransformJobMembers,
  files: readonly string[],
  started: Date,
): Promise<void> {
  if (!job.DataCaptureConfig) return;
  const hour = started.toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
  for (const [folder, manifest] of [
    ['input', inputManifest(objects, job, files)],
    ['output', [{ prefix: s3UriBelow(job.TransformOutput.S3OutputPath, '') }, ...files.map((file) => `${file}.out`)]],
  ] as const) {
    const uri = s3UriBelow(job.DataCaptureConfig.DestinationS3Uri, `${folder}/${hour}/${randomUUID()}.json`);
    const { bucket, key } = parseS3Uri(uri)!;
    await objects.put(bucket, key, Buffer.from(JSON.stringify(manifest)));
  }
}

// --- internal ---

/** The prefix of a job's input may be a folder, with or without its slash, an object, or the start of several names. */
function inputManifest(objects: ObjectStore, { TransformInput }: TransformJobMembers, files: readonly string[]) {
  const { S3DataType, S3Uri } = TransformInput.DataSource.S3DataSource;
  if (S3DataType === 'ManifestFile') return [{ prefix: manifestPrefix(objects, S3Uri) }, ...files];
  const { bucket, key } = parseS3Uri(S3Uri)!;
  const isIn = (folder: string) => (file: string) => objects.fileOf(bucket, folder + file) !== undefined;
  const folder = key === '' || key.endsWith('/') ? key : `${key}/`;
  if (files.every(isIn(folder))) return [{ prefix: `s3://${bucket}/${folder}` }, ...files];
  const parent = key.slice(0, key.lastIndexOf('/') + 1);
  const inFolder = folder.slice(parent.length);
  return [
    { prefix: `s3://${bucket}/${parent}` },
    ...files.map((file) => (isIn(folder)(file) ? inFolder + file : file)),
  ];
}
