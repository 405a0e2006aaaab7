import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { pruneData } from '../src/index.js';
import { openStore, type Store } from '../src/store/store.js';
import { makeFolder, openScene } from './support/scene.js';

const CUTOFF = new Date('2026-06-01');
const time = (date: string) => new Date(date).getTime() / 1000;
const [OLD, NEW] = [time('2026-05-31'), time('2026-06-02')];

/** A resource as its record is, with a tag. */
function add(store: Store, kind: string, name: string, status: string, modified: number, body: object = {}): string {
  const arn = `arn:aws:sagemaker:us-east-1:000000000000:${kind}/${name}`;
  store.records.insert({ kind, name, arn, status, created: OLD, modified, body });
  store.tags.set(arn, [{ Key: 'name', Value: name }]);
  return arn;
}

function log(store: Store, group: string, name: string): void {
  const stream = store.logs.open(group, `${name}/algo-1`, { namespace: group, resource: name });
  stream.write(`line of ${name}`);
  stream.metric('train:rmse', 1);
  stream.close();
}

/** Everything that the tables have, by names. */
function contents(store: Store) {
  const column = (text: string) => (store.sql.prepare(text).all() as { value: string }[]).map(({ value }) => value);
  return {
    records: column("SELECT kind || '/' || name AS value FROM record ORDER BY 1"),
    tags: column('SELECT value FROM tag ORDER BY 1'),
    lines: column('SELECT message AS value FROM log_event ORDER BY 1'),
    streams: column('SELECT log_stream AS value FROM log_stream ORDER BY 1'),
    metrics: column('SELECT resource AS value FROM metric_value ORDER BY 1'),
  };
}

it('removes jobs that ended before a time, with their logs, metrics and tags, and nothing else', () => {
  const folder = makeFolder();
  const store = openStore(folder);
  const [training, transform] = ['/aws/sagemaker/TrainingJobs', '/aws/sagemaker/TransformJobs'];
  for (const status of ['Completed', 'Failed', 'Stopped']) add(store, 'training-job', status, status, OLD);
  for (const status of ['InProgress', 'Stopping']) add(store, 'training-job', status, status, OLD);
  add(store, 'training-job', 'Completed-2', 'Completed', NEW);
  add(store, 'transform-job', 'old', 'Completed', OLD);
  add(store, 'transform-job', 'new', 'Completed', NEW);
  add(store, 'model', 'old', '', OLD);
  add(store, 'endpoint', 'old', 'Failed', OLD);
  for (const name of ['Completed', 'Completed-2', 'InProgress']) log(store, training, name);
  for (const name of ['old', 'new']) log(store, transform, name);
  log(store, training, 'old'); // of no job: a client's own
  store.close();

  const removed = pruneData(folder, CUTOFF);

  const after = openStore(folder);
  const left = contents(after);
  after.close();
  expect(removed).toMatchObject({ trainingJobs: 3, transformJobs: 1, tuningJobs: 0, logEvents: 2, metricValues: 2 });
  expect(left).toEqual({
    records: [
      ...['endpoint/old', 'model/old', 'training-job/Completed-2', 'training-job/InProgress'],
      ...['training-job/Stopping', 'transform-job/new'],
    ],
    tags: ['Completed-2', 'InProgress', 'Stopping', 'new', 'old', 'old'],
    lines: ['line of Completed-2', 'line of InProgress', 'line of new', 'line of old'],
    streams: ['Completed-2/algo-1', 'InProgress/algo-1', 'new/algo-1', 'old/algo-1'],
    metrics: ['Completed-2', 'InProgress', 'new', 'old'],
  });
});

it('keeps what a tuning job that stays refers to: its training jobs, and the jobs it began from', () => {
  const folder = makeFolder();
  const store = openStore(folder);
  const KIND = 'hyper-parameter-tuning-job';
  const from = (...parents: string[]) => ({
    described: {
      WarmStartConfig: {
        ParentHyperParameterTuningJobs: parents.map((name) => ({ HyperParameterTuningJobName: name })),
      },
    },
  });
  const arns = {
    grandparent: add(store, KIND, 'grandparent', 'Completed', OLD, { described: {} }),
    parent: add(store, KIND, 'parent', 'Completed', OLD, from('grandparent', 'deleted')),
    running: add(store, KIND, 'running', 'InProgress', OLD, from('parent')),
    gone: add(store, KIND, 'gone', 'Stopped', OLD, from('parent')),
  };
  for (const [name, TuningJobArn] of Object.entries(arns)) {
    add(store, 'training-job', `of-${name}`, 'Completed', OLD, { TuningJobArn });
  }
  store.close();

  const removed = pruneData(folder, CUTOFF);

  const after = openStore(folder);
  const { records } = contents(after);
  after.close();
  expect(removed).toMatchObject({ trainingJobs: 1, tuningJobs: 1 });
  expect(records).toEqual([
    ...['grandparent', 'parent', 'running'].map((name) => `${KIND}/${name}`),
    ...['grandparent', 'parent', 'running'].map((name) => `training-job/of-${name}`),
  ]);
});

it('gives the room of what it removes back, and leaves the objects of S3', () => {
  const folder = makeFolder();
  const store = openStore(folder);
  add(store, 'training-job', 'job', 'Completed', OLD);
  const stream = store.logs.open('/aws/sagemaker/TrainingJobs', 'job/algo-1', { namespace: 'a', resource: 'job' });
  for (let i = 0; i < 1000; i++) stream.write('x'.repeat(1000));
  stream.close();
  store.close();
  const model = join(folder, 's3/data/out/job/output/model.tar.gz');
  mkdirSync(dirname(model), { recursive: true });
  writeFileSync(model, 'model');

  const { bytes, logEvents } = pruneData(folder, CUTOFF);

  expect(logEvents).toBe(1000);
  expect(bytes).toBeGreaterThan(900_000);
  expect(readFileSync(model, 'utf8')).toBe('model');
});

it('refuses a folder that a server has, and one that has no data', async () => {
  const { folder } = await openScene();
  const empty = makeFolder();

  expect(() => pruneData(folder, CUTOFF)).toThrow(`The data folder ${folder} is in use by another server`);
  expect(() => pruneData(empty, CUTOFF)).toThrow(`The data folder ${empty} must be one that "algo up" has written`);
});
