/** The three steps of a listing on the API of this machine, by the real SDK. */
import { ResourceInUseException } from '@aws-sdk/client-marketplace-catalog';
import { describe, expect, it } from 'vitest';
import type { Around } from '../../../src/publish/clients.js';
import { openContext } from '../../../src/publish/context.js';
import { CATALOG } from '../../../src/publish/listing/entities.js';
import { isTested } from '../../../src/publish/listing/tested.js';
import { openAccount } from '../../support/account.js';
import { listedFiles, makeResource, PRODUCT } from '../../support/listed.js';
import { ALL_CHANGES, catalogOf, listing, productsOf, sellerAccount, writeProduct } from '../../support/listing.js';
import { replaceIn } from '../../support/product.js';

/** Somebody else's change set is at work when the first one is started. */
function busyOnce(): Around {
  let isBusy = true;
  return (call, next) => {
    if (!isBusy || !call.endsWith('StartChangeSet')) return next();
    isBusy = false;
    const $metadata = { httpStatusCode: 423 };
    return Promise.reject(new ResourceInUseException({ message: 'Change set 1 is changing it.', $metadata }));
  };
}

describe('a listing', () => {
  it('is only validated in a dry run, then limited, then public, and nothing more when a step is repeated', async () => {
    const account = await sellerAccount();
    const lines: string[] = [];

    await listing(account.request({ onLine: (line) => lines.push(line) }), 'limited', { isDryRun: true });
    const afterDryRun = await productsOf(account);
    const limited = await listing(account.request(), 'limited');
    const [product] = await productsOf(account);
    const { DetailsDocument } = await catalogOf(account).describeEntity({
      ...{ Catalog: CATALOG, EntityId: product!.EntityId },
    });
    const again = await listing(account.request(), 'limited');
    const waited: string[] = [];
    const busy = account.request({ around: busyOnce(), onProgress: (text) => waited.push(text) });
    const shown = await listing(busy, 'public');
    const shownAgain = await listing(account.request(), 'public');

    expect(lines).toContainEqual(expect.stringMatching(/^algo listing check: \d+ findings$/));
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}.*: support must have your own address; .* \(rule 39\)$/));
    expect(lines.at(-1)).toBe(`  AWS Marketplace's catalog takes the changes: ${ALL_CHANGES}`);
    expect(afterDryRun).toEqual([]);
    expect(limited.map(({ step, state }) => [step, state])).toEqual([
      ['listing files', 'done'],
      ['public files', 'done before'],
      ['limited', 'done'],
    ]);
    expect(product).toMatchObject({ Name: 'Sums', Visibility: 'Limited' });
    expect(DetailsDocument).toMatchObject({
      Versions: [{ VersionTitle: '1.2.3', ReleaseNotes: 'First version.' }],
      Targeting: { PositiveTargeting: { BuyerAccounts: ['111111111111', '222222222222'] } },
    });
    expect(again.every(({ state }) => state === 'done before')).toBe(true);
    expect(waited).toContain('algo check public sum-1-2-3: waits, as Change set 1 is changing it.');
    expect(shown[0]?.text).toBe(`${product!.EntityId} is Public; its page may answer 404 for an hour`);
    expect(shown[1]?.text).toMatch(/^wrote algorithms\/sum\/listing\/published\.json: commit it$/);
    expect(shownAgain.every(({ state }) => state === 'done before')).toBe(true);
    expect((await productsOf(account)).map(({ Visibility }) => Visibility)).toEqual(['Public']);
  });
});

describe('a listing is refused', () => {
  it('by code, with the place of the field and what to do, before anything is changed', async () => {
    const account = await sellerAccount();
    const text = replaceIn(PRODUCT, 'ml.c5.4xlarge: 0.80', 'ml.c5.4xlarge:');
    writeProduct(account, text);
    const line = text.slice(0, text.indexOf('instances:')).split('\n').length;

    await expect(listing(account.request(), 'limited')).rejects.toThrow(
      `UpdatePricingTerms, algorithms/sum/listing/product.yaml:${line} instances: INVALID_RATE_CARD: `,
    );
    expect(await productsOf(account)).toEqual([]);
  });

  it('without a Completed resource, and public before it is limited', async () => {
    const account = await openAccount(listedFiles());

    await expect(listing(account.request(), 'public')).rejects.toThrow(
      'there is no Completed resource of sum 1.2.3 to list; algo publish makes it',
    );
    await makeResource(account.request());
    await expect(listing(account.request(), 'public')).rejects.toThrow('the step "limited" makes it');
  });

  it('for a private resource, and for what only the portal can make', async () => {
    const account = await openAccount(listedFiles());

    await expect(listing(account.request({ isPrivate: true }), 'limited')).rejects.toThrow(/^--private has no listing/);
    writeProduct(account, replaceIn(PRODUCT, 'model: hourly\n  freeTrialDays: 14', 'model: free'));
    await expect(listing(account.request(), 'limited')).rejects.toThrow(
      'The listing cannot be made here: a free product is made in the portal',
    );
  });
});

describe('the test of a listing', () => {
  const ARN = 'arn:aws:sagemaker:us-east-1:865070037744:algorithm/sum-1-2-3-0123456789abcdef';
  const notebooks = ['a.ipynb', 'b.ipynb'];

  it('runs every notebook with the subscribed ARN, and in a dry run none', async () => {
    const account = await openAccount(listedFiles());
    const ran: string[] = [];
    const run = async (notebook: string, arn: string) => void ran.push(`${notebook} ${arn}`);
    const warnings = async () => {
      const lines: string[] = [];
      const request = account.request({ onLine: (line) => lines.push(line) });
      await listing(request, 'public', { isDryRun: true });
      return lines.filter((line) => line.startsWith('Warning: no test of version 1.2.3 is recorded'));
    };

    const [planned] = await listing(account.request(), 'test', { arn: ARN, notebooks, run, isDryRun: true });
    const ranInDryRun = [...ran];
    const before = await warnings();
    const [report] = await listing(account.request(), 'test', { arn: ARN, notebooks, run });

    expect(planned).toMatchObject({ state: 'to do', cost: 'not known', text: `2 notebooks; they are run with ${ARN}` });
    expect(ranInDryRun).toEqual([]);
    expect(ran).toEqual([`a.ipynb ${ARN}`, `b.ipynb ${ARN}`]);
    expect([before.length, (await warnings()).length]).toEqual([1, 0]);
    const { definition } = account.request();
    const next = account.request({ definition: { ...definition, Version: '1.2.4' } });
    expect(isTested(await openContext(next))).toBe(false);
    expect(report?.text).toBe('2 notebooks ran to the end, with the outputs of the samples');
  });

  it('is refused with an ARN that is not that of a subscription, and without notebooks', async () => {
    const account = await openAccount(listedFiles());
    const form = /^--arn must be arn:aws:sagemaker:us-east-1:ACCOUNT:algorithm/;

    for (const [arn, files, message] of [
      [undefined, notebooks, /^--arn is required: the ARN that the subscription gave/],
      [ARN.replace('algorithm/', 'model-package/'), notebooks, form],
      [ARN.replace('us-east-1', 'eu-west-1'), notebooks, form],
      [ARN.replace('865070037744', '000000000000'), notebooks, /must be that of a subscription, not that of your own/],
      [ARN, [], /^There are no notebooks/],
    ] as const) {
      await expect(listing(account.request(), 'test', { arn, notebooks: files })).rejects.toThrow(message);
    }
  });
});
