/**
 * A product as its buyers have it, on an API of this machine: made of the documents of its listing, with AWS's validation, and
 * named by the ARNs of subscriptions.
 */
import { cpSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, JobError, listFiles, packFolder, removeTree } from '@algo/local';
import { documentsOf, type NamedDocument } from '../documents/documents.js';
import type { Source } from '../documents/source.js';
import { type ListingRequest, readMaterial, sourceOf } from '../material.js';

export interface ProductArns {
  readonly algorithm?: string;
  readonly modelPackage: string;
}

/**
 * Makes the algorithm and a model package of what its validation trained; of a product without training, the package alone.
 * @param url of an API whose account is that of the documents, 000000000000
 * @throws JobError when the API refuses a document, or its validation fails
 */
export async function makeProduct(request: ListingRequest, url: string): Promise<ProductArns> {
  const source = sourceOf(await readMaterial(request));
  const { seller, definition } = source;
  await put(url, seller.bucket);
  for (const { key, path } of listFiles(request.sampleData, 'Sample data')) {
    await put(url, seller.bucket, `${keyOf(seller.storage)}/sample-data/${key}`, readFileSync(path));
  }
  const documents = documentsOf(source);
  if (!definition.TrainingSpecification) {
    if (source.profile.model !== undefined) await putModel(url, source, join(request.sampleData, source.profile.model));
    return { modelPackage: await makePackage(url, documents, 'create-model-package.json') };
  }
  const algorithm = await makeAlgorithm(url, documents);
  await copyModel(url, source);
  return { algorithm, modelPackage: await makePackage(url, documents, 'create-model-package-from-algorithm.json') };
}

// --- internal ---

/** The account of AWS Marketplace's subscriptions in us-east-1, which the API of this machine has. */
const MARKETPLACE = '865070037744';
const PAUSE_MS = 100;

interface Described {
  readonly [member: string]: unknown;
}

async function makeAlgorithm(url: string, documents: readonly NamedDocument[]): Promise<string> {
  const { document } = documentOf(documents, 'create-algorithm.json');
  await call(url, 'CreateAlgorithm', document);
  const name = { AlgorithmName: document.AlgorithmName };
  const found = await settled(url, 'DescribeAlgorithm', name, 'AlgorithmStatus');
  return subscription(String(found.AlgorithmArn));
}

async function makePackage(url: string, documents: readonly NamedDocument[], file: string): Promise<string> {
  const { document } = documentOf(documents, file);
  await call(url, 'CreateModelPackage', document);
  const name = { ModelPackageName: document.ModelPackageName };
  const found = await settled(url, 'DescribeModelPackage', name, 'ModelPackageStatus');
  return subscription(String(found.ModelPackageArn));
}

function documentOf(documents: readonly NamedDocument[], file: string): NamedDocument {
  const found = documents.find((document) => document.file === file);
  if (found) return found;
  throw new ArgumentError(`The listing must have ${file}; it has ${documents.map((one) => one.file).join(', ')}.`);
}

/** The artifacts of the validation's training job, to where the document of the package has them. */
async function copyModel(url: string, { seller }: Source): Promise<void> {
  const { TrainingJobSummaries } = (await call(url, 'ListTrainingJobs', {})) as unknown as {
    readonly TrainingJobSummaries: readonly { readonly TrainingJobName: string }[];
  };
  const { TrainingJobName } = TrainingJobSummaries[0]!; // the newest
  const job = await call(url, 'DescribeTrainingJob', { TrainingJobName });
  const { S3ModelArtifacts } = job.ModelArtifacts as { readonly S3ModelArtifacts: string };
  const model = await fetch(`${url}/${seller.bucket}/${keyOf(S3ModelArtifacts)}`);
  await put(url, seller.bucket, `${keyOf(seller.storage)}/model.tar.gz`, Buffer.from(await model.arrayBuffer()));
}

/** Of a product without training: the archive of the sample data, or its folder as one. */
async function putModel(url: string, { seller }: Source, path: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'algo-model-'));
  try {
    const archive = join(folder, 'model.tar.gz');
    if (statSync(path).isDirectory()) await packFolder(path, archive);
    else cpSync(path, archive);
    await put(url, seller.bucket, `${keyOf(seller.storage)}/model.tar.gz`, readFileSync(archive));
  } finally {
    await removeTree(folder);
  }
}

function subscription(arn: string): string {
  return arn.replace(/:\d{12}:/, `:${MARKETPLACE}:`);
}

/** Of an S3 URI. */
function keyOf(uri: string): string {
  return new URL(uri).pathname.slice(1);
}

/** A bucket, or an object. */
async function put(url: string, bucket: string, key = '', body?: Buffer): Promise<void> {
  const path = [bucket, ...(key === '' ? [] : key.split('/'))].map(encodeURIComponent).join('/');
  const answer = await fetch(`${url}/${path}`, { method: 'PUT', ...(body && { body: new Uint8Array(body) }) });
  if (!answer.ok) throw new JobError(`${path} could not be put: ${await answer.text()}`);
}

async function call(url: string, operation: string, input: object): Promise<Described> {
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `SageMaker.${operation}` };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
  const body = (await answer.json()) as Described;
  if (answer.ok) return body;
  throw new JobError(`${operation}: ${body.message ?? body.__type}`);
}

async function settled(url: string, operation: string, name: object, status: string): Promise<Described> {
  for (;;) {
    const found = await call(url, operation, name);
    if (found[status] === 'Completed') return found;
    if (found[status] === 'Failed') {
      const details = JSON.stringify(found[`${status}Details`]);
      throw new JobError(`${operation} ${Object.values(name)[0]}: the validation failed: ${details}`);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
