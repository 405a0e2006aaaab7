import { expect, it, onTestFinished, vi } from 'vitest';
import { createTrainingJobWatch } from '../../src/jobs/training-job-watch.js';
import { openStore } from '../../src/store/store.js';
import { makeFolder } from '../support/scene.js';

const GROUP = '/aws/sagemaker/TrainingJobs';

function openScene() {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  const write = (job: string, ...values: readonly number[]) => {
    const log = store.logs.open(GROUP, `${job}/algo-1`, { namespace: GROUP, resource: job });
    for (const value of values) log.metric('loss', value);
    log.metric('other', 0);
    log.close();
  };
  return { store, write };
}

it('a reader of a metric gives all its values, whatever other jobs write in between', () => {
  const { store, write } = openScene();
  write('job', 1, 2);
  const read = store.logs.reader(GROUP, 'job', 'loss');

  const first = [...read()];
  write('job', 3);
  write('another', 7, 8);
  write('job', 4);

  expect(first).toEqual([1, 2]);
  expect(read()).toEqual([1, 2, 3, 4]);
  expect(read()).toEqual(store.logs.values(GROUP, 'job', 'loss'));
});

it('a reader that had no values yet gives those that its job writes after others', () => {
  const { store, write } = openScene();
  const read = store.logs.reader(GROUP, 'job', 'loss');
  write('another', 7, 8);

  const before = [...read()];
  write('another', 9);
  const between = [...read()];
  write('job', 1);

  expect([before, between, read()]).toEqual([[], [], [1]]);
});

it('a reader does not fetch again what it has: a changed row stays as it was read', () => {
  const { store, write } = openScene();
  write('job', 1, 2);
  const read = store.logs.reader(GROUP, 'job', 'loss');
  read();

  store.sql.exec('UPDATE metric_value SET value = 100');
  write('job', 3);

  expect(read()).toEqual([1, 2, 3]);
});

it('a reader starts from the beginning after values were removed, whose ids are given again', () => {
  const { store, write } = openScene();
  const read = store.logs.reader(GROUP, 'job', 'loss');
  write('job', 1, 2);
  read();

  store.logs.removeValues(GROUP, 'job');
  write('job', 5);

  expect(read()).toEqual([5]);
});

it.each([0, 1, 24, 25, 49, 50, 60, 74, 75, 99])(
  'news of a job come after its last value can be read, also of one that is %d ms later than the first',
  (laterMs) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { store } = openScene();
    const watch = createTrainingJobWatch();
    const read = store.logs.reader(GROUP, 'job', 'loss');
    let known: readonly number[] = [];
    watch.onChange(() => {
      known = [...read()];
    });
    const place = { namespace: GROUP, resource: 'job' };
    const log = store.logs.open(GROUP, 'job/algo-1', place, () => watch.changed('job'));

    log.metric('loss', 1);
    vi.advanceTimersByTime(laterMs);
    log.metric('loss', 2);
    vi.advanceTimersByTime(1000);

    expect(known).toEqual([1, 2]);
  },
);
