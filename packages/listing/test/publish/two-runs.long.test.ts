/** Two runs of one product at the same time: in one workspace the second is refused, in two none removes what is the other's. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Around } from '../../src/publish/clients.js';
import { publish } from '../../src/publish/publish.js';
import { tryOnSageMaker } from '../../src/publish/try-alone.js';
import { unpublish } from '../../src/publish/unpublish.js';
import { type Account, openAccount } from '../support/account.js';
import { APPLY } from '../support/disturbed.js';
import { snapshotOf } from '../support/snapshot.js';

const NO_STEP = () => undefined;
const NO_REPORT = { isDryRun: false, onReport: () => undefined };

/** Done in the middle of a trial, before its endpoint is made. */
function amid(work: () => Promise<unknown>): Around {
  return async (call, next) => {
    if (call === 'SageMakerClient CreateEndpointConfig') await work();
    return next();
  };
}

/** The same product and account, in another workspace. */
function elsewhere(account: Account, changes: Parameters<Account['request']>[0] = {}) {
  const directory = join(account.folder, 'elsewhere');
  return account.request({ directory, trialDirectory: join(directory, 'trial'), ...changes });
}

it('a run is refused while another one is at work in the workspace, and not after one that was killed', async () => {
  const account = await openAccount();
  const request = account.request({ hasNoTrial: true });
  const refused: unknown[] = [];
  const refuse = (run: Promise<unknown>) => run.catch((error: unknown) => refused.push(error));
  const around = amid(async () => {
    await refuse(publish(request, APPLY));
    await refuse(unpublish(request, NO_REPORT));
  });

  const trial = await tryOnSageMaker(account.request({ around }), NO_STEP);
  mkdirSync(request.directory, { recursive: true });
  const deadRun = { pid: 2 ** 30, command: 'algo publish', since: 'a day ago' };
  writeFileSync(join(request.directory, `run-${deadRun.pid}.json`), JSON.stringify(deadRun));
  const made = await publish(request, APPLY);

  const text = new RegExp(`algo validate is at work on this product since .*, in process ${process.pid}\\.`);
  expect(trial.result).toBe('passed');
  expect(refused.map(String)).toEqual([expect.stringMatching(text), expect.stringMatching(text)]);
  expect(made).toContainEqual(expect.objectContaining({ step: 'validation', state: 'done' }));
});

it('leaves the trial of another workspace alone, with the repository and the bucket that both use', async () => {
  const account = await openAccount();
  const lines: string[] = [];
  let published: Promise<unknown> | undefined;
  const tried = Promise.withResolvers<unknown>();
  const around = amid(
    () =>
      new Promise((isAmid, fail) => {
        const other = amid(() => {
          isAmid(undefined);
          return tried.promise;
        });
        const onLine = (line: string) => lines.push(line);
        published = publish(elsewhere(account, { around: other, onLine }), APPLY);
        published.catch(fail);
      }),
  );

  const trial = await tryOnSageMaker(account.request({ around }), NO_STEP);
  const left = await snapshotOf(account.request());
  tried.resolve(undefined);
  const made = await published;

  expect(trial.result).toBe('passed');
  expect(left.models).toEqual([expect.stringMatching(/^sum-1-2-3-trial-/)]);
  expect(Object.keys(left.repositories)).toEqual(['sum']);
  expect(lines).toContainEqual(expect.stringMatching(/^ {2}sum-1-2-3-trial-\w+ of another workspace is left alone/));
  expect(made).toContainEqual(expect.objectContaining({ step: 'validation', state: 'done' }));
});

it('a trial whose model was removed meanwhile says that another run may have done so', async () => {
  const account = await openAccount();
  const around = amid(() => unpublish(elsewhere(account), NO_REPORT));

  const trial = await tryOnSageMaker(account.request({ around }), NO_STEP);

  expect(trial.cause).toMatch(
    /^endpoint: .*; another run or "algo unpublish" may have removed what this trial had made$/,
  );
});
