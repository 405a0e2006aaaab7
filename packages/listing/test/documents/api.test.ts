/** The documents sent to the API on this machine, which runs the validation and has a catalog. packages/api/test/clients sends them by SDK. */
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processPrograms, startApi } from '@algo/api';
import { removeTree } from '@algo/local';
import { expect, it, onTestFinished } from 'vitest';
import { changeSet } from '../../src/documents/change-set.js';
import { documentsOf } from '../../src/documents/documents.js';
import { sourceOf } from '../../src/material.js';
import { flawlessMaterial } from '../support/flawless.js';
import { ROOT } from '../support/product.js';

// biome-ignore lint/suspicious/noExplicitAny: each operation has its own
type Answer = any;

/** Between two looks at a resource. */
const LOOK_MS = 20;

it('AWS’s validation of linear regression ends Completed, of the algorithm and of a package of its model; the catalog takes it', async () => {
  const material = await flawlessMaterial();
  const source = sourceOf(material);
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
  const changes = changeSet(source, material);
  const validated = await changed(url, changes);
  const applied = await changed(url, { ...changes, Intent: 'APPLY' });

  expect([validated.Status, applied.Status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  const [product] = applied.ChangeSet;
  const { DetailsDocument } = await callCatalog(url, 'DescribeEntity', {
    entityId: product.Entity.Identifier.replace(/@\d+$/, ''), // its revision
  });
  expect(DetailsDocument.Description.ProductTitle).toBe('Linear Regression with Exact Arithmetic');
  expect(DetailsDocument.Dimensions).toHaveLength(10); // a use of an instance type each: 4, 3 and 3
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

async function call(url: string, operation: string, input: unknown): Promise<Answer> {
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

/** Signed for the catalog, by whose name in the signature the server knows it. */
const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=AK/20260102/us-east-1/aws-marketplace/aws4_request, SignedHeaders=host, Signature=0';

/** @param query or body, of which one is sent */
async function callCatalog(
  url: string,
  operation: string,
  query?: Record<string, string>,
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${url}/${operation}?${new URLSearchParams({ ...query, catalog: 'AWSMarketplace' })}`, {
    headers: { Authorization: AUTHORIZATION, 'Content-Type': 'application/json' },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${operation}: ${await response.text()}`);
  return response.json();
}

/** A change set, when it has ended. */
async function changed(url: string, changes: object) {
  const { ChangeSetId: changeSetId } = await callCatalog(url, 'StartChangeSet', undefined, changes);
  for (;;) {
    const found = await callCatalog(url, 'DescribeChangeSet', { changeSetId });
    if (!['PREPARING', 'APPLYING'].includes(found.Status)) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
