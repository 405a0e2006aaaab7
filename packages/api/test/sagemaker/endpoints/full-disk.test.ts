import { expect, it, onTestFinished, vi } from 'vitest';
import { startHosting } from '../../../src/sagemaker/endpoints/hosting.js';
import { countInFlight } from '../../../src/sagemaker/endpoints/in-flight.js';
import { ENDPOINT } from '../../../src/sagemaker/endpoints/shapes.js';
import type { VariantServer } from '../../../src/sagemaker/endpoints/variant-server.js';
import type { SageMaker } from '../../../src/sagemaker/resources/context.js';
import { WRITE_RETRY_MS } from '../../../src/store/patient-write.js';
import { openStore } from '../../../src/store/store.js';
import { makeFolder } from '../../support/scene.js';

/** An endpoint of no variants, on a disk that is full until `free`. */
function openFullDisk(status: string) {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  const Config = { EndpointConfigName: 'config', ProductionVariants: [] };
  const head = { kind: ENDPOINT, name: 'end', arn: 'arn:end', status, created: 1, modified: 1 };
  store.records.insert({ ...head, body: { EndpointName: 'end', EndpointStatus: status, Config, Models: {} } });
  let [isFull, attempts, started] = [false, 0, 0];
  const closed: string[] = [];
  const transaction: typeof store.transaction = (work) => {
    if (!isFull) return store.transaction(work);
    attempts++;
    throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR' });
  };
  const errors: string[] = [];
  const hosting = startHosting(
    { store: { ...store, transaction }, workFolder: makeFolder() } as Partial<SageMaker> as SageMaker,
    (error) => errors.push(String(error)),
    async () => {
      const name = `server ${++started}`;
      const close = async () => void closed.push(name);
      return [{ name, containers: [], inFlight: countInFlight(), close } as Partial<VariantServer> as VariantServer];
    },
  );
  isFull = true;
  return {
    ...{ hosting, errors, closed },
    status: () => store.records.find(ENDPOINT, 'end')?.status,
    /** Until it has been tried so often. */
    async tried(count: number) {
      while (attempts < count) await new Promise(setImmediate);
    },
    fill: () => {
      isFull = true;
    },
    free: () => {
      isFull = false;
    },
  };
}

it.each([
  ['Creating', 'InService'],
  ['Deleting', undefined],
])('an endpoint that is %s comes to its end when a full disk has space again', async (before, after) => {
  const { hosting, errors, status, tried, free } = openFullDisk(before);

  await tried(1);
  vi.advanceTimersByTime(WRITE_RETRY_MS.first);
  await tried(2);
  const meanwhile = status();
  free();
  vi.advanceTimersByTime(2 * WRITE_RETRY_MS.first);
  await hosting.settled('end');

  expect([meanwhile, status(), errors]).toEqual([before, after, ['Error: database or disk is full']]);
  await hosting.close();
});

it('an endpoint whose status a full disk does not take until the server is closed is the next server’s', async () => {
  const { hosting, status, tried } = openFullDisk('Creating');

  await tried(1);
  await hosting.close();

  expect(status()).toBe('Creating');
});

it('servers that an update replaced end while its status waits for space on a full disk', async () => {
  const { hosting, closed, status, tried, free, fill } = openFullDisk('Creating');
  free();
  await hosting.settled('end');
  fill();

  hosting.deploy('end');
  await tried(1);
  await new Promise(setImmediate);
  const meanwhile = [...closed];
  await hosting.close();

  expect([meanwhile, closed]).toEqual([['server 1'], ['server 1', 'server 2']]);
  expect(status()).toBe('InService');
});
