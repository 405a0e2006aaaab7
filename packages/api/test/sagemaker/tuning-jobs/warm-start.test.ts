import { expect, it, onTestFinished } from 'vitest';
import type { SageMaker } from '../../../src/sagemaker/resources/context.js';
import type { CheckedTrainingJob } from '../../../src/sagemaker/training-jobs/shapes.js';
import { TUNING_JOB } from '../../../src/sagemaker/tuning-jobs/shapes.js';
import { checkParents } from '../../../src/sagemaker/tuning-jobs/warm-start.js';
import { openStore } from '../../../src/store/store.js';
import { makeFolder } from '../../support/scene.js';

const RESOLVED = '123456789012.dkr.ecr.us-east-1.amazonaws.com/sum';
const CONFIG = {
  ParentHyperParameterTuningJobs: [{ HyperParameterTuningJobName: 'parent' }],
  WarmStartType: 'IdenticalDataAndAlgorithm',
} as const;

/** A server of which an older version has recorded the job `parent`, without the image that was resolved. */
function openOlder(AlgorithmSpecification: object): SageMaker {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  const head = { kind: TUNING_JOB, name: 'parent', arn: 'arn:parent', status: 'Completed', created: 1, modified: 1 };
  store.records.insert({ ...head, body: { template: { AlgorithmSpecification } } });
  const resolve = (image: string) => (image === 'sum' ? `${RESOLVED}@sha256:${'0'.repeat(64)}` : undefined);
  const account = { id: '000000000000', region: 'us-east-1' };
  return { store, account, programs: { resolve } } as unknown as SageMaker;
}

function check(sageMaker: SageMaker, ResolvedImage: string): void {
  checkParents(sageMaker, CONFIG, { AlgorithmSpecification: {}, ResolvedImage } as unknown as CheckedTrainingJob);
}

it('a parent that an older server recorded has the image that its name is resolved to', () => {
  const sageMaker = openOlder({ TrainingImage: 'sum', TrainingInputMode: 'File' });

  expect(() => check(sageMaker, `${RESOLVED}:2`)).not.toThrow();
  expect(() => check(sageMaker, 'other')).toThrow(
    `the training image of the new job, other, as WarmStartType is IdenticalDataAndAlgorithm; received ${RESOLVED}.`,
  );
});

it('a parent that an older server recorded, of an algorithm that is deleted, has another image', () => {
  const sageMaker = openOlder({ AlgorithmName: 'gone', TrainingInputMode: 'File' });

  expect(() => check(sageMaker, 'sum')).toThrow('received gone.');
});
