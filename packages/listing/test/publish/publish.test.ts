/** A product published to the API on this machine, by the real SDK. */
import { expect, it } from 'vitest';
import type { Around } from '../../src/publish/clients.js';
import { publish } from '../../src/publish/publish.js';
import type { RemovalReport } from '../../src/publish/unpublish.js';
import { unpublish } from '../../src/publish/unpublish.js';
import { openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { snapshotOf } from '../support/snapshot.js';

it('makes nothing in a dry run, a Completed algorithm when applied, nothing more when repeated; unpublish removes all', async () => {
  const account = await openAccount();
  const calls: string[] = [];
  const around = (call: string, next: () => Promise<unknown>) => {
    calls.push(call);
    return next();
  };
  const request = account.request({ hasNoTrial: true });
  const before = await snapshotOf(request);

  const lines: string[] = [];
  const onLine = (line: string) => lines.push(line);
  const planned = await publish({ ...request, ...account.request({ around, onLine }) }, { ...APPLY, isDryRun: true });
  const unpushed = await publish({ ...request, image: undefined }, { ...APPLY, isDryRun: true });
  const changes = calls.filter((call) => /Create|Put|POST|PUT|Delete/.test(call));
  const made = await publish(request, APPLY);
  const repeated = await publish(request, APPLY);
  const removed: RemovalReport[] = [];
  const onReport = (report: RemovalReport) => removed.push(report);
  const toRemove = await unpublish(request, { isDryRun: true, onReport: () => undefined });
  await unpublish(request, { isDryRun: false, onReport });

  expect(changes).toEqual([]);
  expect(lines[0]).toBe(`Account 000000000000, Region us-east-1, endpoint ${new URL(account.url).host}`);
  const scans = [planned, unpushed].map((reports) => reports.find(({ step }) => step === 'image scan'));
  expect(scans).toMatchObject([
    { state: 'to do', text: 'ECR has no image yet' },
    { state: 'nothing to do', text: 'no image is pushed, and ECR has none' },
  ]);
  expect(planned.find(({ step }) => step === 'algorithm')).toMatchObject({
    state: 'to do',
    text: 'there is none; makes sum-1-2-3',
    cost: 'none',
  });
  expect(made.map(({ step, text }) => `${step}: ${text}`)).toEqual([
    'validation role: made role sum-validation',
    'access role: made role sum-marketplace-access',
    'bucket: made bucket sagemaker-us-east-1-000000000000',
    'repository: made repository sum',
    'image: pushed 000000000000.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3',
    'image scan: there is no scanner here; "algo image check" reads the packages',
    'sample data: uploaded 2 objects',
    'algorithm: made algorithm sum-1-2-3',
    'validation: sum-1-2-3 is Completed',
    'outputs: 1 stored output equal, 2 numbers within 1e-9',
  ]);
  const again = repeated.filter(({ state }) => state !== 'done before').map(({ step }) => step);
  expect(again).toEqual(['image scan']); // there is no scanner on this machine
  expect(removed.map(({ what }) => what)).toEqual(toRemove.map(({ what }) => what));
  expect(removed.filter(({ state }) => state !== 'removed')).toEqual([]);
  expect(await snapshotOf(request)).toEqual(before);
});

it('a push that is stopped ends with its next request', async () => {
  const stop = new AbortController();
  const account = await openAccount();
  const around: Around = (call, next) => {
    if (call.startsWith('POST /v2/')) stop.abort();
    return next();
  };

  await publish(account.request(), { ...APPLY, only: 'repository' });

  const stopped = publish(account.request({ around, stop: stop.signal }), { ...APPLY, only: 'image' });

  await expect(stopped).rejects.toThrow('image: stopped');
});
