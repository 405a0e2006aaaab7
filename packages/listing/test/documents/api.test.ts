/** The documents sent to SageMaker's API on this machine, which runs the validation. packages/api/test/clients sends them by SDK. */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processPrograms, startApi } from '@algo/api';
import { removeTree } from '@algo/local';
import { expect, it, onTestFinished } from 'vitest';
import { documentsOf } from '../../src/documents/documents.js';
import { sourceOf } from '../../src/material.js';
import { materialOf } from '../support/material.js';
import { ROOT } from '../support/product.js';

/** Between two looks at a resource. */
const LOOK_MS = 20;

it('AWS’s validation of linear regression ends Completed, of the algorithm and of a package of its model', async () => {
  const source = sourceOf(await materialOf('linear-regression'));
  const [algorithm, modelPackage] = documentsOf(source);
  const { url, stored } = await openApi();
  const place = source.seller.storage.slice('s3://'.length);
  cpSync(join(ROOT, 'sample-data', 'linear-regression'), join(stored, place, 'sample-data'), { recursive: true });

  await call(url, 'CreateAlgorithm', algorithm!.document);
  const AlgorithmName = source.seller.resource;
  const made = await settled(url, 'DescribeAlgorithm', { AlgorithmName }, 'AlgorithmStatus');

  expect(made).toMatchObject({ AlgorithmStatus: 'Completed', CertifyForMarketplace: true });
  const { TrainingJobSummaries } = await call(url, 'ListTrainingJobs', {});
  const [{ TrainingJobName }] = TrainingJobSummaries;
  cpSync(
    join(stored, place, 'validation', 'training', TrainingJobName, 'output', 'model.tar.gz'),
    join(stored, place, 'model.tar.gz'),
  );

  await call(url, 'CreateModelPackage', modelPackage!.document);
  const ModelPackageName = modelPackage!.document.ModelPackageName;
  const packed = await settled(url, 'DescribeModelPackage', { ModelPackageName }, 'ModelPackageStatus');

  expect(packed.ModelPackageStatus).toBe('Completed');
});

async function openApi() {
  const dataFolder = mkdtempSync(join(tmpdir(), 'algo-listing-'));
  const api = await startApi({ dataFolder, programs: processPrograms(join(ROOT, 'algorithms')) });
  onTestFinished(async () => {
    await api.close();
    await removeTree(dataFolder);
  });
  return { url: api.url, stored: join(dataFolder, 's3') };
}

// biome-ignore lint/suspicious/noExplicitAny: each operation has its own answer
async function call(url: string, operation: string, input: unknown): Promise<any> {
  const headers = { 'Content-Type': 'application/x-amz-json-1.1', 'X-Amz-Target': `SageMaker.${operation}` };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
  return response.json();
}

async function settled(url: string, operation: string, input: object, status: string) {
  for (;;) {
    const found = await call(url, operation, input);
    if (!['Pending', 'InProgress'].includes(found[status])) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
