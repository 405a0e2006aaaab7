/** Calls that need a role which IAM does not yet know everywhere. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { openContext } from '../../src/publish/context.js';
import { whenRoleIsKnown } from '../../src/publish/role-wait.js';
import { resourceStep } from '../../src/publish/steps/resource.js';
import { makeModel, train } from '../../src/publish/trial/jobs.js';
import { openAccount } from '../support/account.js';
import { serviceError } from '../support/faults.js';

const NAMES = { name: 'sum-trial-1', storage: 's3://bucket/trial' };
const unknownRole = () =>
  serviceError(
    'ValidationException',
    "Could not assume role arn:aws:iam::000000000000:role/sum. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
  );
const refused = () =>
  serviceError(
    'AccessDeniedException',
    'User: arn:aws:sts::000000000000:assumed-role/Seller/me is not authorized to perform: sagemaker:CreateModel',
  );

it('a trial repeats its training job and its model until SageMaker can assume the role', async () => {
  const account = await openAccount();
  const calls: string[] = [];
  const around = async (call: string, next: () => Promise<unknown>) => {
    if (!call.startsWith('SageMakerClient')) return next();
    calls.push(call.replace('SageMakerClient ', ''));
    if (call.includes('Create') && calls.filter((one) => call.endsWith(one)).length < 3) throw unknownRole();
    return { response: {}, output: { $metadata: {}, TrainingJobStatus: 'Completed' } };
  };
  const context = await openContext(account.request({ around }));

  await train(context, NAMES);
  await makeModel(context, NAMES, 's3://bucket/model.tar.gz');

  const create = (what: string) => [what, what, what];
  expect(calls).toEqual([...create('CreateTrainingJob'), 'DescribeTrainingJob', ...create('CreateModel')]);
});

it('a resource is made once SageMaker can assume the role', async () => {
  const account = await openAccount();
  let calls = 0;
  const around = async (call: string, next: () => Promise<unknown>) => {
    if (call !== 'SageMakerClient CreateAlgorithm') return next();
    if (++calls < 3) throw unknownRole();
    return { response: {}, output: { $metadata: {} } };
  };
  const context = await openContext(account.request({ around }));

  const text = await resourceStep(context).do();

  expect(text).toBe('made algorithm sum-1-2-3');
  expect(calls).toBe(3);
});

it('ends a minute later with the error of a role that stays unknown', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const pause = async () => void vi.advanceTimersByTime(25_000);
  let calls = 0;
  const call = async () => {
    calls++;
    throw unknownRole();
  };

  await expect(whenRoleIsKnown({ pause }, call)).rejects.toThrow('Could not assume role');

  expect(calls).toBe(4); // after 0, 25, 50 and 75 s
});

it('does not repeat a call that the caller may not make', async () => {
  let calls = 0;
  const call = async () => {
    calls++;
    throw refused();
  };

  await expect(whenRoleIsKnown({ pause: async () => undefined }, call)).rejects.toThrow('not authorized');

  expect(calls).toBe(1);
});
