/** A product that is in the catalog already, and what it gets of what was changed since. */
import { describe, expect, it } from 'vitest';
import type { Around } from '../../../src/publish/clients.js';
import { CATALOG } from '../../../src/publish/listing/entities.js';
import { unpublish } from '../../../src/publish/unpublish.js';
import { makeResource, PRODUCT } from '../../support/listed.js';
import {
  ALL_CHANGES,
  catalogOf,
  found,
  listing,
  productsOf,
  sellerAccount,
  writeProduct,
} from '../../support/listing.js';
import { replaceIn } from '../../support/product.js';

describe('a product in the catalog', () => {
  it('gets only the changes of what was changed since', async () => {
    const account = await sellerAccount();
    await listing(account.request(), 'limited');

    for (const [from, to, changes] of [
      ['title: Sums', 'title: Sums of numbers', 'UpdateInformation'],
      ["'111111111111', ", '', 'UpdateTargeting'],
      ['ml.c5.4xlarge: 0.80', 'ml.c5.4xlarge: 0.90', 'UpdatePricingTerms; prices: ml.c5.4xlarge.a.t 0.80 to 0.90 USD'],
      ['freeTrialDays: 14', '', 'UpdatePricingTerms'],
      ['within 30 days', 'within 40 days', 'UpdateSupportTerms'],
      ['sums/notebook.ipynb', 'sums/second.ipynb', 'UpdateDeliveryOptions'],
      ['realTime: ml.m5.large\n', 'realTime: ml.m5.xlarge\n', 'UpdateDeliveryOptions'],
    ] as const) {
      writeProduct(account, replaceIn(PRODUCT, from, to));
      expect(await found(account.request())).toBe(`prod is Limited; changes: ${changes}`);
    }
    writeProduct(account, replaceIn(PRODUCT, 'title: Sums', 'title: Sums of numbers'));
    await listing(account.request(), 'limited');
    expect(await found(account.request())).toBe('prod is Limited, with this version');
    expect((await productsOf(account)).map(({ Name }) => Name)).toEqual(['Sums of numbers']);
    expect(await unpublish(account.request(), { isDryRun: true, onReport: () => undefined })).toContainEqual({
      ...{ what: 'algorithm sum-1-2-3', state: 'stays' },
      why: expect.stringMatching(/^it is version 1\.2\.3 of prod-\w+ on AWS Marketplace, which is Limited$/),
    });
  });

  it('is found by the ARN of its version where SageMaker names no product, and the version stays', async () => {
    const account = await sellerAccount();
    await listing(account.request(), 'limited');
    const around: Around = async (call, next) => {
      const answer = (await next()) as { readonly output: { ProductId?: string } };
      if (call === 'SageMakerClient DescribeAlgorithm') delete answer.output.ProductId;
      return answer;
    };

    const reports = await unpublish(account.request({ around }), { isDryRun: false, onReport: () => undefined });

    expect(reports).toContainEqual({
      ...{ what: 'algorithm sum-1-2-3', state: 'stays' },
      why: expect.stringMatching(/^it is version 1\.2\.3 of prod-\w+ on AWS Marketplace, which is Limited$/),
    });
    expect(reports.filter(({ state }) => state === 'removed')).toEqual([]);
    expect(await found(account.request())).toBe('prod is Limited, with this version');
  });

  it('that is public gets a new version in step public, as buyers see it immediately', async () => {
    const account = await sellerAccount();
    await listing(account.request(), 'limited');
    await listing(account.request(), 'public');
    const { definition } = account.request();
    const next = account.request({ definition: { ...definition, Version: '1.3.0' } });
    const noted = replaceIn(PRODUCT, 'eula: standard', 'eula: standard\nreleaseNotes: More.');
    writeProduct(account, replaceIn(noted, '    ml.c5.4xlarge: 0.80\n', '')); // of older versions from now on
    await makeResource(next, { isFirst: false });

    expect(await found(next)).toMatch(/^prod is Public: the step "public" adds the version/);
    const reports = await listing(next, 'public');

    expect(reports.map(({ step, state }) => [step, state])).toEqual([
      ['public', 'done'],
      ['published version', 'done'],
    ]);
    const [product] = await productsOf(account);
    const { DetailsDocument } = await catalogOf(account).describeEntity({
      ...{ Catalog: CATALOG, EntityId: product!.EntityId },
    });
    expect(DetailsDocument).toMatchObject({
      Versions: [{ VersionTitle: '1.2.3' }, { VersionTitle: '1.3.0', ReleaseNotes: 'More.' }],
    });
    expect(await found(next)).toBe('prod is Public: the step "public" adds the version, as buyers see it immediately');
    expect((await listing(next, 'public'))[0]).toMatchObject({ state: 'done before' });
  });

  it("leaves somebody else's product of the same title as it is, unless it is named", async () => {
    const account = await sellerAccount();
    const catalog = catalogOf(account);
    const change = { ChangeType: 'CreateProduct', Entity: { Type: 'MachineLearningProduct@1.0' } };
    await catalog.startChangeSet({
      Catalog: CATALOG,
      ChangeSet: [{ ...change, DetailsDocument: { ProductTitle: 'Sums' } }],
    });
    await expect.poll(() => productsOf(account)).toHaveLength(1);
    const [foreign] = await productsOf(account);
    const productId = foreign!.EntityId!;

    expect(await found(account.request())).toBe(`there is no product of this name; changes: ${ALL_CHANGES}`);
    await listing(account.request(), 'limited', { productId });

    const { DetailsDocument } = await catalog.describeEntity({ Catalog: CATALOG, EntityId: productId });
    expect(DetailsDocument).toMatchObject({
      Description: { Visibility: 'Limited' },
      Versions: [{ VersionTitle: '1.2.3' }],
    });
  });

  it('whose version has another resource is refused, since a version stays', async () => {
    const account = await sellerAccount();
    await listing(account.request(), 'limited');
    writeProduct(account, replaceIn(PRODUCT, 'training: ml.m5.large', 'training: ml.m5.xlarge'));
    await makeResource(account.request(), { isFirst: false, name: 'sum-1-2-3-2' });

    await expect(listing(account.request(), 'limited')).rejects.toThrow(
      /^Version 1\.2\.3 must be \S+:algorithm\/sum-1-2-3-2, as it is now; the catalog has \S+:algorithm\/sum-1-2-3\. .*raise the version/,
    );
  });
});
