import { describe, expect, it } from 'vitest';
import { createModelPackage } from '../../src/documents/create-model-package.js';
import { checkDocuments, documentsOf, requestProblem } from '../../src/documents/documents.js';
import type { Source } from '../../src/documents/source.js';
import { sourceOf } from '../../src/material.js';
import { materialOf } from '../support/material.js';
import { ALGORITHMS } from '../support/product.js';

async function sourceFor(algorithm: string): Promise<Source> {
  return sourceOf(await materialOf(algorithm));
}

// biome-ignore lint/suspicious/noExplicitAny: each document has its own members
async function documentOf(file: string, changes: Partial<Source> = {}): Promise<any> {
  const documents = documentsOf({ ...(await sourceFor('linear-regression')), ...changes });
  return documents.find((one) => one.file === file)?.document;
}

describe.each(ALGORITHMS)('the documents of %s', (algorithm) => {
  it("are as AWS's model of SageMaker requires", async () => {
    const documents = documentsOf(await sourceFor(algorithm));

    expect(documents.map(requestProblem)).toEqual(documents.map(() => undefined));
    expect(documents.filter(({ operation }) => operation !== undefined)).toHaveLength(3);
  });

  it('have hyperparameters, channels, metrics and objectives of the definition, and nothing else in their place', async () => {
    const source = await sourceFor(algorithm);
    const [create] = documentsOf(source);
    const specification = create?.document.TrainingSpecification;
    const { TrainingSpecification } = source.definition;

    expect(specification).toMatchObject(TrainingSpecification!);
    expect(Object.keys(specification as object).toSorted()).toEqual(
      [...Object.keys(TrainingSpecification!), 'TrainingImage', 'SupportedTrainingInstanceTypes'].toSorted(),
    );
  });
});

describe('CreateAlgorithm', () => {
  it('has the instance types of product.yaml for each use', async () => {
    const { TrainingSpecification, InferenceSpecification } = await documentOf('create-algorithm.json');

    expect(TrainingSpecification.SupportedTrainingInstanceTypes).toContain('ml.c5.4xlarge');
    expect(InferenceSpecification.SupportedTransformInstanceTypes).toEqual([
      'ml.m5.large',
      'ml.m5.xlarge',
      'ml.c5.xlarge',
    ]);
    expect(InferenceSpecification.SupportedRealtimeInferenceInstanceTypes).not.toContain('ml.c5.4xlarge');
  });

  it('validates with the jobs of the validation profile, on the uploaded sample data', async () => {
    const { ValidationSpecification } = await documentOf('create-algorithm.json');

    const [{ TrainingJobDefinition, TransformJobDefinition }] = ValidationSpecification.ValidationProfiles;
    const storage = 's3://sagemaker-us-east-1-000000000000/linear-regression/1.0.0';
    expect(TrainingJobDefinition).toMatchObject({
      HyperParameters: { method: 'ols' },
      InputDataConfig: [
        { ChannelName: 'train', DataSource: { S3DataSource: { S3Uri: `${storage}/sample-data/train/` } } },
        { ChannelName: 'validation', ContentType: 'text/csv' },
      ],
      ResourceConfig: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    });
    expect(TransformJobDefinition).toMatchObject({
      BatchStrategy: 'MultiRecord',
      TransformInput: {
        DataSource: { S3DataSource: { S3Uri: `${storage}/sample-data/inference/batch/` } },
        SplitType: 'Line',
      },
      TransformOutput: { Accept: 'text/csv', AssembleWith: 'Line' },
    });
  });

  it('names a file of the sample data without a slash, as a prefix that is that object', async () => {
    const source = await sourceFor('linear-regression');
    const { trainingJob } = source.profile;
    const channels = { train: { path: 'train/train.csv', contentType: 'text/csv', compressionType: 'Gzip' as const } };
    const profile = { ...source.profile, trainingJob: { ...trainingJob!, channels } };

    const { ValidationSpecification } = await documentOf('create-algorithm.json', { profile });

    const [channel] = ValidationSpecification.ValidationProfiles[0].TrainingJobDefinition.InputDataConfig;
    expect(channel.DataSource.S3DataSource.S3Uri).toMatch(/\/sample-data\/train\/train\.csv$/);
    expect(channel.CompressionType).toBe('Gzip');
  });

  it('is refused without instance types for training, by field', async () => {
    const { product } = await sourceFor('linear-regression');
    const { training: _, ...instances } = product.instances;

    await expect(documentOf('create-algorithm.json', { product: { ...product, instances } })).rejects.toThrow(
      'product.yaml: instances.training is required for an algorithm; it is missing.',
    );
  });

  it('is refused where the profile has variables, which a validation of AWS has not', async () => {
    const { profile } = await sourceFor('linear-regression');
    const trainingJob = { ...profile.trainingJob!, environment: { THREADS: '2' } };

    await expect(documentOf('create-algorithm.json', { profile: { ...profile, trainingJob } })).rejects.toThrow(
      /validation-profile\.json: trainingJob\.environment must be empty.*; received THREADS\./,
    );
  });
});

describe('CreateModelPackage', () => {
  it('takes its specification from the algorithm where the algorithm is its source', async () => {
    const document = await documentOf('create-model-package-from-algorithm.json');

    expect(document).not.toHaveProperty('InferenceSpecification');
    expect(document.SourceAlgorithmSpecification.SourceAlgorithms).toEqual([
      {
        AlgorithmName: 'linear-regression-1-0-0',
        ModelDataUrl: 's3://sagemaker-us-east-1-000000000000/linear-regression/1.0.0/model.tar.gz',
      },
    ]);
  });

  it.each([
    ['image', [undefined]],
    ['s3', ['s3://sagemaker-us-east-1-000000000000/linear-regression/1.0.0/model.tar.gz']],
  ] as const)('has its artifacts in the %s', async (artifacts, expected) => {
    const document = createModelPackage(await sourceFor('linear-regression'), artifacts);

    const { Containers } = document.InferenceSpecification as {
      readonly Containers: readonly Record<string, string>[];
    };
    expect(Containers.map(({ ModelDataUrl }) => ModelDataUrl)).toEqual(expected);
  });

  it('is the only request of a product without training, with the model where the profile has it', async () => {
    const { definition, ...source } = await sourceFor('linear-regression');
    const { TrainingSpecification: _, ...served } = definition;

    const inImage = documentsOf({ ...source, definition: served });
    const inS3 = documentsOf({ ...source, definition: served, profile: { ...source.profile, model: 'model' } });

    expect(inImage.map(({ operation }) => operation).filter(Boolean)).toEqual(['CreateModelPackage']);
    expect(JSON.stringify(inImage[0])).not.toContain('ModelDataUrl');
    expect(JSON.stringify(inS3[0])).toContain('model.tar.gz');
  });
});

describe('a document that AWS would refuse', () => {
  it('is refused with its file, member, value and every constraint', async () => {
    const source = await sourceFor('linear-regression');
    const definition = { ...source.definition, Description: 'two\nlines' };

    expect(() => checkDocuments(documentsOf({ ...source, definition }))).toThrow(
      /create-algorithm\.json: 1 validation error detected: Value 'two\nlines' at 'algorithmDescription' failed[\s\S]*create-model-package\.json: /,
    );
  });

  it('is refused where an instance type is none of the use, as one for real time only', async () => {
    const source = await sourceFor('linear-regression');
    const { instances } = source.product;
    const product = { ...source.product, instances: { ...instances, batch: { 'ml.t2.medium': 0.1 } } };

    expect(() => checkDocuments(documentsOf({ ...source, product }))).toThrow(
      /'inferenceSpecification\.supportedTransformInstanceTypes' failed to satisfy constraint/,
    );
  });
});

describe('the roles', () => {
  it('are assumed by SageMaker and by AWS Marketplace, and may do no more than the documents need', async () => {
    const documents = documentsOf(await sourceFor('linear-regression'));
    const textOf = (file: string) => JSON.stringify(documents.find((one) => one.file === file)?.document);

    expect(textOf('linear-regression-validation-trust.json')).toContain('"sagemaker.amazonaws.com"');
    expect(textOf('linear-regression-marketplace-access-trust.json')).toContain('"assets.marketplace.amazonaws.com"');
    expect(textOf('linear-regression-validation-policy.json')).toContain(
      'arn:aws:ecr:us-east-1:000000000000:repository/linear-regression"',
    );
    expect(textOf('linear-regression-marketplace-access-policy.json')).toMatch(
      /"sagemaker:DescribeAlgorithm"\],"Resource":\["arn:aws:sagemaker:us-east-1:000000000000:algorithm\/linear-regression-\*"/,
    );
    for (const { document, operation } of documents) {
      if (operation === undefined) expect(JSON.stringify(document)).not.toMatch(/"(s3|ecr|logs|sagemaker|iam):\*"/);
    }
  });
});
