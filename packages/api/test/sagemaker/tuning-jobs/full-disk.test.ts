import { expect, it, onTestFinished, vi } from 'vitest';
import { createTrainingJobWatch } from '../../../src/jobs/training-job-watch.js';
import type { RunningSageMaker } from '../../../src/sagemaker/resources/context.js';
import { startTuning } from '../../../src/sagemaker/tuning-jobs/run.js';
import { TUNING_JOB } from '../../../src/sagemaker/tuning-jobs/shapes.js';
import { openStore } from '../../../src/store/store.js';
import { makeFolder } from '../../support/scene.js';

it('a tuning job whose end a full disk does not take ends when there is space again', () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  const head = { kind: TUNING_JOB, name: 'tuning', arn: 'arn', status: 'Stopping', created: 1, modified: 1 };
  store.records.insert({ ...head, body: { launched: [], described: {} } });
  const status = () => store.records.find(TUNING_JOB, 'tuning')!.status;
  const errors: string[] = [];
  const transaction = vi.fn(store.transaction).mockImplementationOnce(() => {
    throw new Error('database or disk is full');
  });
  const sageMaker = { store: { ...store, transaction }, watch: createTrainingJobWatch() } as Partial<RunningSageMaker>;

  const tuning = startTuning(sageMaker as RunningSageMaker, (error) => errors.push(String(error)));
  onTestFinished(() => tuning.close());
  const before = status();
  vi.runAllTimers();

  expect(errors).toEqual(['Error: database or disk is full']);
  expect([before, status()]).toEqual(['Stopping', 'Stopped']);
});
