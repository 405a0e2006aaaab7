import { enumValues } from '@algo/api/requests';
import { describe, expect, it } from 'vitest';
import { transformJobDefinition } from '../../src/documents/validation-jobs.js';
import { sourceOf } from '../../src/material.js';
import { portalPage } from '../../src/portal/portal.js';
import { gpuHost, inferenceAmiVersion, transformAmiVersion } from '../../src/product/gpu-hosts.js';
import { materialOf } from '../support/material.js';

const CUDA_12 = { gpu: { driver: 525 } };

describe('hosts with GPUs', () => {
  it.each(['ml.g4dn.xlarge', 'ml.g5.48xlarge', 'ml.p4d.24xlarge', 'ml.p3.2xlarge'])(
    'of %s need AMI versions for an image that needs driver 525, since the default is 470',
    (type) => {
      expect(inferenceAmiVersion(type, CUDA_12)).toBe('al2-ami-sagemaker-inference-gpu-2-1');
      expect(transformAmiVersion(type, CUDA_12)).toBe('al2-ami-sagemaker-batch-gpu-535');
    },
  );

  it.each([
    ['realTime', 'ml.g6.xlarge', 525, { driver: 535 }], // the default
    ['realTime', 'ml.p5e.48xlarge', 545, { driver: 550 }],
    ['realTime', 'ml.g4dn.xlarge', 450, { driver: 470 }],
    ['realTime', 'ml.g4dn.xlarge', 545, undefined], // newer than any that is documented for it
    ['realTime', 'ml.p2.xlarge', 525, undefined], // no newer driver exists
    ['realTime', 'ml.g7e.2xlarge', 525, undefined], // of which nothing is documented
    ['batch', 'ml.g6.xlarge', 525, undefined],
  ] as const)('for %s on %s with driver %i are %o', (use, type, driver, expected) => {
    expect(gpuHost(use, type, driver)).toEqual(expected);
  });

  it('are not asked for where a type has no GPU, or the image needs none', () => {
    expect(inferenceAmiVersion('ml.m5.large', CUDA_12)).toBeUndefined();
    expect(transformAmiVersion('ml.g5.xlarge', { gpu: undefined })).toBeUndefined();
  });

  it("have an AMI version that AWS's model of SageMaker lists", () => {
    expect(enumValues('sagemaker', 'ProductionVariantInferenceAmiVersion')).toContain(
      inferenceAmiVersion('ml.g5.xlarge', CUDA_12),
    );
  });
});

describe('a product for GPUs', () => {
  it('names the hosts in the transform of its validation, and in portal.md', async () => {
    const material = await materialOf('neural-network');
    const source = sourceOf(material);
    const { instances, recommended } = source.product;
    const types = { 'ml.g5.xlarge': 1 };
    const product = {
      ...{ ...source.product, ...CUDA_12 },
      instances: { ...instances, realTime: types, batch: types },
      recommended: { ...recommended, batch: 'ml.g5.xlarge' },
    };

    const { TransformResources } = transformJobDefinition({ ...source, product });
    const page = portalPage({ ...source, product }, material);

    expect(TransformResources).toEqual({
      ...{ InstanceType: 'ml.g5.xlarge', InstanceCount: 1 },
      TransformAmiVersion: 'al2-ami-sagemaker-batch-gpu-535',
    });
    expect(page).toContain(
      '- an endpoint on `ml.g5.xlarge`: InferenceAmiVersion `al2-ami-sagemaker-inference-gpu-2-1`',
    );
    expect(page).toContain('- a transform on `ml.g5.xlarge`: TransformAmiVersion `al2-ami-sagemaker-batch-gpu-535`');
  });
});
