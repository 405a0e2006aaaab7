/** What the templates have; packages/api/test/clients checks them by cfn-lint, and makes CDK's stacks of them. */
import { expect, it } from 'vitest';
import { cdkStacks } from '../../src/documents/cdk.js';
import { productTemplate, storageTemplate } from '../../src/documents/cloudformation.js';
import { createAlgorithm } from '../../src/documents/create-algorithm.js';
import { createModelPackage } from '../../src/documents/create-model-package.js';
import { sourceOf } from '../../src/material.js';
import { materialOf } from '../support/material.js';

const source = sourceOf(await materialOf('linear-regression'));
const { TrainingSpecification: _, ...served } = source.definition;

it('an algorithm is that of the request, without the validation that CloudFormation has not, and so not for AWS Marketplace', () => {
  const { Resources } = productTemplate(source) as { readonly Resources: Record<string, { Properties: object }> };
  const { ValidationSpecification, CertifyForMarketplace, ...request } = createAlgorithm(source);

  expect(Resources.Algorithm?.Properties).toEqual(request);
  expect(ValidationSpecification).toBeDefined();
  expect(CertifyForMarketplace).toBe(true);
});

it('a model package is that of the request, with the validation by the role of the stack', () => {
  const template = productTemplate({ ...source, definition: served });
  const request = createModelPackage({ ...source, definition: served }, 'image');

  expect(Object.keys(template.Resources as object)).toEqual(['ValidationRole', 'AccessRole', 'ModelPackage']);
  expect(template).not.toHaveProperty('Parameters');
  expect(template).toMatchObject({
    Resources: {
      ModelPackage: {
        Properties: {
          ...{ ...request, CertifyForMarketplace: true },
          ValidationSpecification: { ValidationRole: { 'Fn::GetAtt': ['ValidationRole', 'Arn'] } },
        },
      },
    },
  });
});

it('a package whose transform needs hosts with a newer driver has no validation, as CloudFormation cannot name them', () => {
  const { instances, recommended } = source.product;
  const product = {
    ...{ ...source.product, gpu: { driver: 525 } },
    instances: { ...instances, batch: { 'ml.g5.xlarge': 1 } },
    recommended: { ...recommended, batch: 'ml.g5.xlarge' },
  };

  const { Resources } = productTemplate({ ...source, product }) as {
    readonly Resources: Record<string, { Properties: object }>;
  };

  expect(Resources.ModelPackage?.Properties).not.toHaveProperty('ValidationSpecification');
  expect(Resources.ModelPackage?.Properties).not.toHaveProperty('CertifyForMarketplace');
});

it('bucket and repository stay when their stack is deleted', () => {
  const { Resources } = storageTemplate(source) as { readonly Resources: Record<string, { DeletionPolicy: string }> };

  expect(Object.values(Resources).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain', 'Retain']);
});

it('CDK has a class of each stack, with the resource of the product', () => {
  expect(cdkStacks(source)).toContain('export class LinearRegressionStack extends Stack');
  expect(cdkStacks(source)).toContain("this.algorithm = template.getResource('Algorithm') as CfnAlgorithm;");
  const named = { ...served, Name: '3d-shapes' };
  expect(cdkStacks({ ...source, definition: named })).toContain(
    'export class Product3dShapesStorageStack extends Stack',
  );
  expect(cdkStacks({ ...source, definition: named })).toContain(
    "template.getResource('ModelPackage') as CfnModelPackage;",
  );
});
