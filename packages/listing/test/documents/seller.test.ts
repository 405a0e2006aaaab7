import { expect, it } from 'vitest';
import { sellerOf } from '../../src/documents/seller.js';
import { materialOf } from '../support/material.js';

it('a seller without options has the account of algo up and the bucket that SageMaker names', async () => {
  const { seller } = await materialOf('linear-regression');

  expect(seller).toMatchObject({
    image: '000000000000.dkr.ecr.us-east-1.amazonaws.com/linear-regression:1.0.0',
    storage: 's3://sagemaker-us-east-1-000000000000/linear-regression/1.0.0',
    accessRole: 'arn:aws:iam::000000000000:role/linear-regression-marketplace-access',
  });
});

it.each([
  [{ account: '12' }, '--account must be 12 digits; received "12".'],
  [{ region: 'Ohio' }, /^--region must be a Region .*; received "Ohio"\.$/],
  [{ region: 'cn-north-1' }, /^--region must be a Region of AWS Marketplace/],
  [{ bucket: 'A' }, /^--bucket must be 3 to 63 lower-case .*; received "A"\.$/],
  [{ repository: 'a b' }, /^--repository must be .*; received "a b"\.$/],
  [{ trainingRepository: 'A' }, /^--training-repository must be lower-case .*; received "A"\.$/],
  [
    { trainingRepository: 'linear-regression' },
    '--training-repository must be another than --repository; received "linear-regression".',
  ],
])('%o is refused', async (options, expected) => {
  const { definition } = await materialOf('linear-regression');

  expect(() => sellerOf(definition, options)).toThrow(expected);
});

it('an image that trains is for a product that is trained', async () => {
  const { definition } = await materialOf('linear-regression');
  const { TrainingSpecification: _, ...served } = definition;

  expect(() => sellerOf(served, { trainingRepository: 'other' })).toThrow(
    '--training-repository is for a product that is trained; received "other".',
  );
});

it('a name that leaves no room for version or role is cut in front of them', async () => {
  const { definition } = await materialOf('linear-regression');
  const Name = `a${'-long-name'.repeat(6)}`;

  const { resource, accessRole, validationRole } = sellerOf({ ...definition, Name });

  expect(resource).toBe(`a${'-long-name'.repeat(5)}-long-1-0-0`);
  expect(resource.length).toBeLessThanOrEqual(63);
  for (const role of [accessRole, validationRole]) expect(role.replace(/^.*\//, '').length).toBeLessThanOrEqual(64);
  expect(new Set([accessRole, validationRole]).size).toBe(2);
});

it('the resource of a product without training is a model package', async () => {
  const { definition } = await materialOf('linear-regression');
  const { TrainingSpecification: _, ...served } = definition;

  expect(sellerOf(definition).arn).toBe('arn:aws:sagemaker:us-east-1:000000000000:algorithm/linear-regression-1-0-0');
  expect(sellerOf(served).arn).toBe('arn:aws:sagemaker:us-east-1:000000000000:model-package/linear-regression-1-0-0');
});
