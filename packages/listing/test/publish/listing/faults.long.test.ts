/**
 * The steps "limited" and "public", disturbed at each of their calls in turn: killed before or after it, throttled, or with expired
 * credentials. When they have gone through, everything is as after an undisturbed run, and somebody else's product is as it was.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Around } from '../../../src/publish/clients.js';
import { CATALOG } from '../../../src/publish/listing/entities.js';
import { publish } from '../../../src/publish/publish.js';
import type { Account } from '../../support/account.js';
import { APPLY, runUntilDone } from '../../support/disturbed.js';
import { expired, type Fault, killed, throttled } from '../../support/faults.js';
import { catalogOf, sellerAccount } from '../../support/listing.js';

type Step = 'limited' | 'public';

const STEPS: readonly Step[] = ['limited', 'public'];

async function run(account: Account, around?: Around): Promise<void> {
  const nothing = { arn: undefined, notebooks: [], run: async () => undefined };
  for (const step of STEPS) {
    const request = account.request(around ? { around } : {});
    await publish(request, { ...APPLY, listing: { ...nothing, step } });
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

/** What is called more often is called in a loop. The SDK waits longer after each call that was throttled: there one is enough. */
const TIMES = 4;
const FAULTS: readonly (readonly [name: string, make: () => Fault, hasReruns: boolean])[] = [
  ['killed before', () => killed('before', { times: TIMES }), true],
  ['killed after', () => killed('after', { times: TIMES }), true],
  ['without valid credentials at', () => expired({ times: TIMES }), true],
  ['throttled at', () => throttled({ times: 1 }), false],
];

it.each(FAULTS)('a listing %s each call in turn is in the end as an undisturbed one', async (name, make, hasReruns) => {
  const [undisturbed, account, fault] = [await sharedAccount(), await sharedAccount(), make()];
  await run(undisturbed);

  const errors = await runUntilDone(fault, (around) => run(account, around));

  expect(await stateOf(account)).toEqual(await stateOf(undisturbed));
  expect(errors).toHaveLength(hasReruns ? fault.calls.length : 0);
  expect(fault.calls.length).toBeGreaterThan(hasReruns ? 30 : 8);
  const isExplained = errors.every(({ message }) => /credentials have expired/.test(message));
  expect(isExplained).toBe(name.startsWith('without') || !hasReruns);
});
