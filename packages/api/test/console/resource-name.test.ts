import { expect, it } from 'vitest';
import { nameProblem } from '../../console/src/state/resource-name.js';
import { openScene, trainingJob } from '../support/scene.js';

it.each([
  ['training-job', 'a'.repeat(63), true],
  ['training-job', 'a'.repeat(64), false],
  ['training-job', 'a--1', true],
  ['training-job', '-a', false],
  ['training-job', 'a-', false],
  ['transform-job', 'my job', false],
  ['hyper-parameter-tuning-job', 'a'.repeat(32), true],
  ['hyper-parameter-tuning-job', 'a'.repeat(33), false],
] as const)('a form takes the names that the service takes: %s %s %s', async (kind, name, isGood) => {
  const { call } = await openScene();
  const { TrainingJobName: _, ...TrainingJobDefinition } = trainingJob('');
  const tuning = {
    HyperParameterTuningJobConfig: { Strategy: 'Random', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
    TrainingJobDefinition,
  };

  const { body } =
    kind === 'hyper-parameter-tuning-job'
      ? await call('CreateHyperParameterTuningJob', { ...tuning, HyperParameterTuningJobName: name })
      : kind === 'training-job'
        ? await call('CreateTrainingJob', trainingJob(name))
        : await call('CreateTransformJob', { TransformJobName: name });

  expect(/must (?:satisfy regular expression|have length)/.test(body.message ?? ''), body.message).toBe(!isGood);
  expect(nameProblem(kind, name) === undefined).toBe(isGood);
});

it('says the rule and the name that breaks it, and leaves no name to the field', () => {
  expect(nameProblem('training-job', 'my job')).toBe(
    'The name of a training job must be letters, digits and hyphens, up to 63, with a letter or digit first and last; received "my job".',
  );
  expect(nameProblem('training-job', '')).toBeUndefined();
});
