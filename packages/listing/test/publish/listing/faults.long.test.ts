/**
 * The steps "limited" and "public", disturbed at each of their calls: ended after the call, as by SIGKILL, throttled, or refused before it
 * for expired credentials. After a second run everything is as after an undisturbed one, and somebody else's product is as it was.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Around } from '../../../src/publish/clients.js';
import { CATALOG } from '../../../src/publish/listing/entities.js';
import { publish } from '../../../src/publish/publish.js';
import type { Account } from '../../support/account.js';
import { catalogOf, sellerAccount } from '../../support/listing.js';

type Step = 'limited' | 'public';

const STEPS: readonly Step[] = ['limited', 'public'];

async function run(account: Account, around?: Around): Promise<void> {
  const nothing = { arn: undefined, notebooks: [], run: async () => undefined };
  for (const step of STEPS) {
    const request = account.request(around ? { around } : {});
    await publish(request, { isDryRun: false, onStep: () => undefined, listing: { ...nothing, step } });
  }
}

/** A seller's account with a Completed algorithm, and somebody else's product of the same title. */
async function sharedAccount(): Promise<Account> {
  const account = await sellerAccount();
  const change = { ChangeType: 'CreateProduct', Entity: { Type: 'MachineLearningProduct@1.0' } };
  const ChangeSet = [{ ...change, DetailsDocument: { ProductTitle: 'Sums' } }];
  const catalog = catalogOf(account);
  const { ChangeSetId } = await catalog.startChangeSet({ Catalog: CATALOG, ChangeSet, ChangeSetName: 'foreign' });
  for (;;) {
    const { Status } = await catalog.describeChangeSet({ Catalog: CATALOG, ChangeSetId });
    if (Status === 'SUCCEEDED') return account;
  }
}

/** What is in the account, without ids and times, which every run has its own of. */
async function stateOf(account: Account): Promise<unknown> {
  const catalog = catalogOf(account);
  const entities: unknown[] = [];
  for (const EntityType of ['MachineLearningProduct', 'Offer']) {
    const { EntitySummaryList = [] } = await catalog.listEntities({ Catalog: CATALOG, EntityType });
    for (const { EntityId = '', EntityArn } of EntitySummaryList) {
      const { DetailsDocument } = await catalog.describeEntity({ Catalog: CATALOG, EntityId });
      entities.push([
        EntityType,
        DetailsDocument,
        (await catalog.listTagsForResource({ ResourceArn: EntityArn })).Tags,
      ]);
    }
  }
  const filter = (name: string) => [{ Name: 'ChangeSetName', ValueList: [`algo ${name} sum-1-2-3`] }];
  const applied: unknown[] = [];
  for (const step of STEPS) {
    const { ChangeSetSummaryList = [] } = await catalog.listChangeSets({ Catalog: CATALOG, FilterList: filter(step) });
    applied.push([step, ChangeSetSummaryList.map(({ Status }) => Status)]);
  }
  const isRecorded = existsSync(join(account.folder, 'algorithms', 'sum', 'listing', 'published.json'));
  const state = { entities, applied, isRecorded, objects: account.objects() };
  return JSON.parse(
    JSON.stringify(state, (key, value) => (OWN.test(key) ? '…' : value)).replace(
      /(prod|offer)-[a-z0-9]{13}|\d{4}-\d\d-\d\dT[\d:.]+Z/g,
      '…',
    ),
  );
}

const OWN = /^(Id|SourceId|ProductCode|CreationDate|ReleaseDate)$/;

/** Calls of an undisturbed run, each with how often it was made so far; of polls the first ones only. */
async function callsOf(account: Account): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  const calls: string[] = [];
  await run(account, (call, next) => {
    const count = (counts.get(call) ?? 0) + 1;
    counts.set(call, count);
    if (count <= (call.endsWith('DescribeChangeSet') ? POLLS : Number.POSITIVE_INFINITY))
      calls.push(`${call} ${count}`);
    return next();
  });
  return calls;
}

const POLLS = 2;

class Ended extends Error {}

function failure(name: string, more: object = {}): Error {
  const error = Object.assign(new Error(name), { $fault: 'client', $metadata: { httpStatusCode: 400 }, ...more });
  error.name = name;
  return error;
}

const FAULTS: Readonly<Record<string, Around>> = {
  'ended after it': async (_, next) => {
    await next();
    throw new Ended();
  },
  throttled: () => Promise.reject(failure('ThrottlingException', { $retryable: { throttling: true } })),
  expired: () => Promise.reject(failure('ExpiredTokenException')),
};

/** The fault at one call. */
function disturbance(fault: Around, at: string): Around {
  const counts = new Map<string, number>();
  return (call, next) => {
    const count = (counts.get(call) ?? 0) + 1;
    counts.set(call, count);
    return `${call} ${count}` === at ? fault(call, next) : next();
  };
}

describe('a listing that is disturbed', () => {
  it.each(Object.keys(FAULTS))('at each call, %s, is after a second run as if it had not been', async (name) => {
    const undisturbed = await sharedAccount();
    const calls = await callsOf(undisturbed);
    const expected = await stateOf(undisturbed);

    for (const at of calls) {
      const account = await sharedAccount();
      const ending = await run(account, disturbance(FAULTS[name]!, at)).catch((error: Error) => error);
      await run(account);

      expect([at, await stateOf(account)]).toEqual([at, expected]);
      if (name === 'expired')
        expect([at, String(ending)]).toEqual([at, expect.stringMatching(/credentials have expired/)]);
      else if (name === 'throttled') expect([at, ending]).toEqual([at, undefined]);
    }
    expect(calls.length).toBeGreaterThan(30);
  });
});
