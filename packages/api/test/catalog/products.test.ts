/** Products, and the offers and algorithms that belong to them. */
import { describe, expect, it } from 'vitest';
import { sumAlgorithm } from '../support/algorithm.js';
import {
  algorithm,
  change,
  createProduct,
  DIMENSIONS,
  describeEntity,
  information,
  offerChange,
  pricing,
  productChange,
  publishing,
  sharedProduct,
  version,
} from './scene.js';

let product = '';
let offer = '';
const shared = sharedProduct((made) => {
  ({ product, offer } = made);
});

/** Codes of the errors of a set that must fail. */
async function codesOf(changes: readonly object[]): Promise<readonly string[]> {
  const { Status, FailureCode, ChangeSet } = await change(shared().api.url, changes);
  expect([Status, FailureCode]).toEqual(['FAILED', 'CLIENT_ERROR']);
  return ChangeSet.flatMap((item: { ErrorDetailList: { ErrorCode: string }[] }) =>
    item.ErrorDetailList.map(({ ErrorCode }) => ErrorCode),
  );
}

describe('a product', () => {
  it('is published by one change set, with dimensions that nobody wrote', async () => {
    const { body } = await describeEntity(shared().api.url, product);

    expect(body).toMatchObject({ EntityType: 'MachineLearningProduct@1.0', EntityIdentifier: `${product}@1` });
    expect(body.DetailsDocument).toMatchObject({
      Description: { ProductTitle: 'Sums of numbers', Visibility: 'Limited', ProductState: 'Active' },
      Versions: [{ VersionTitle: '1.0', DeliveryOptions: [{ Type: 'SageMakerAlgorithm', Visibility: 'Limited' }] }],
      Targeting: { PositiveTargeting: { BuyerAccounts: ['111111111111'] } },
    });
    const keys = body.DetailsDocument.Dimensions.map(({ Key }: { Key: string }) => Key);
    expect(keys.toSorted()).toEqual(DIMENSIONS.toSorted());
    expect(JSON.parse(body.Details)).toEqual(body.DetailsDocument);
    expect((await describeEntity(shared().api.url, offer)).body.DetailsDocument).toMatchObject({ State: 'Released' });
  });

  it('is not changed where a set is only validated, or one of its changes fails', async () => {
    const { api } = shared();
    const before = (await describeEntity(api.url, product)).body;
    const title = productChange('UpdateInformation', product, { ProductTitle: 'Other' });

    const validated = await change(api.url, [title], { Intent: 'VALIDATE' });
    const codes = await codesOf([title, productChange('ReleaseProduct', product, {})]);

    expect([validated.Status, validated.Intent, codes]).toEqual(['SUCCEEDED', 'VALIDATE', ['INVALID_INPUT']]);
    expect((await describeEntity(api.url, product)).body).toEqual(before);
  });

  it('as a draft needs all its information at first, and all its parts for its release', async () => {
    const id = '$CreateProductChange.Entity.Identifier';
    const { LogoUrl: _, ...part } = information;

    expect(await codesOf([createProduct, productChange('UpdateInformation', id, part)])).toEqual(['INVALID_INPUT']);
    expect(await codesOf([createProduct, productChange('ReleaseProduct', id, {})])).toEqual([
      ...['MISSING_DESCRIPTION', 'MISSING_VERSIONS', 'MISSING_DIMENSIONS', 'MISSING_PROMOTIONAL_RESOURCES'],
      'MISSING_SUPPORT_INFORMATION',
    ]);
  });

  it('takes a version only of an algorithm that is there, certified and new', async () => {
    const scene = shared();
    const plain = await algorithm(scene, 'not-certified', {});
    const fit = await algorithm(scene, 'fit');
    const add = (arn: string, title: string, changes: object = {}) =>
      codesOf([productChange('AddDeliveryOptions', product, version(arn, title, changes))]);

    const codes = [
      await add(fit, '1.0'),
      await add(fit.replace('fit', 'first'), '2'),
      await add(plain, '2'),
      await add(fit.replace('fit', 'none'), '2'),
      await add(fit.replace(':algorithm/', ':model/'), '2'),
      await add(fit, '2', { RecommendedInstanceTypes: { Training: 'ml.p5.48xlarge' } }),
    ];

    expect(codes.flat()).toEqual([
      ...['DUPLICATE_VERSION_TITLE', 'DUPLICATE_ASSET', 'ASSET_VALIDATION_EXCEPTION', 'ASSET_NOT_FOUND'],
      ...['INVALID_ASSET_ARN', 'INVALID_RECOMMENDED_INSTANCE_TYPE'],
    ]);
  });

  it('with a new instance type needs a new price in the same set', async () => {
    const scene = shared();
    const training = { SupportedTrainingInstanceTypes: ['ml.m5.xlarge', 'ml.c5.xlarge'] };
    const request = sumAlgorithm('wider', { CertifyForMarketplace: true }, training);
    const { body } = await scene.call('CreateAlgorithm', request);
    const add = productChange('AddDeliveryOptions', product, version(body.AlgorithmArn, '3.0'));
    const price = (keys: readonly string[]) => offerChange('UpdatePricingTerms', offer, pricing(keys));

    expect(await codesOf([add])).toEqual(['UPDATE_PRICING_REQUIRED']);
    expect(await codesOf([add, price(DIMENSIONS)])).toEqual(['INVALID_RATE_CARD']);
    expect(await codesOf([price([...DIMENSIONS, 'ml.none.a.t'])])).toEqual(['INVALID_RATE_CARD']);
    const done = await change(scene.api.url, [add, price([...DIMENSIONS, 'ml.c5.xlarge.a.t'])]);
    expect(done.Status).toBe('SUCCEEDED');
  });
});

it('an offer that was made with a revision of its product is of the product', async () => {
  const { api } = shared();
  const createOffer = { ChangeType: 'CreateOffer', Entity: { Type: 'Offer@1.0' } };

  const made = await change(api.url, [{ ...createOffer, DetailsDocument: { ProductId: `${product}@1` } }]);

  const { body } = await describeEntity(api.url, made.ChangeSet[0].Entity.Identifier.replace('@1', ''));
  expect(body.DetailsDocument.ProductId).toBe(product);
});

it('a product that becomes public has public versions', async () => {
  const { api } = shared();
  const { ChangeSet } = await change(api.url, publishing(await algorithm(shared(), 'shown')));
  const id = ChangeSet[0].Entity.Identifier.replace('@1', '');

  await change(api.url, [productChange('UpdateVisibility', id, { TargetVisibility: 'Public' })]);

  expect((await describeEntity(api.url, id)).body.DetailsDocument).toMatchObject({
    Description: { Visibility: 'Public' },
    Versions: [{ DeliveryOptions: [{ Visibility: 'Public' }] }],
  });
});

it('an algorithm is described with the product that lists it, until its version is restricted', async () => {
  const { api } = shared();
  const productId = async (name: string) =>
    (await shared().call('DescribeAlgorithm', { AlgorithmName: name })).body.ProductId;
  const { ChangeSet } = await change(api.url, publishing(await algorithm(shared(), 'listed')));
  const id = ChangeSet[0].Entity.Identifier.replace('@1', '');
  await change(api.url, [
    productChange('AddDeliveryOptions', id, version(await algorithm(shared(), 'listed-2'), '2.0')),
  ]);
  const { body } = await describeEntity(api.url, id);
  const listed = await productId('listed');

  const options = [body.DetailsDocument.Versions[0].DeliveryOptions[0].Id];
  await change(api.url, [productChange('RestrictDeliveryOptions', id, { DeliveryOptionIds: options })]);

  expect([listed, await productId('listed'), await productId('listed-2')]).toEqual([id, undefined, id]);
});
