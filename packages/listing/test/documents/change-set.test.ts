import { describe, expect, it } from 'vitest';
import { changeSet, changeSetObstacle, publicChangeSet } from '../../src/documents/change-set.js';
import { changeSetProblem } from '../../src/documents/documents.js';
import { type Material, sourceOf } from '../../src/material.js';
import type { Product } from '../../src/product/schema.js';
import { flawlessMaterial } from '../support/flawless.js';
import { materialOf } from '../support/material.js';
import { ALGORITHMS } from '../support/product.js';

// biome-ignore lint/suspicious/noExplicitAny: each change has its own
type Document = any;

const LINKS = {
  notebook: 'https://example.org/a.ipynb',
  repository: 'https://example.org/a',
  samples: 'https://example.org/a/data',
  resources: [],
};

function changesOf(material: Material, changes: Partial<Product> = {}) {
  const source = sourceOf(material);
  return changeSet({ ...source, product: { ...source.product, ...changes } }, material);
}

function documentOf(
  { ChangeSet }: ReturnType<typeof changeSet>,
  type: string,
  entity = 'MachineLearningProduct@1.0',
): Document {
  return ChangeSet.find(({ ChangeType, Entity }) => ChangeType === type && Entity.Type === entity)?.DetailsDocument;
}

describe('the change set', () => {
  it('that makes the product public has one change, which waits for the identifier', async () => {
    const changes = publicChangeSet(sourceOf(await flawlessMaterial()));

    expect(changeSetProblem(changes)).toBeUndefined();
    expect(changes.ChangeSet).toEqual([
      {
        ChangeType: 'UpdateVisibility',
        Entity: { Type: 'MachineLearningProduct@1.0', Identifier: 'PRODUCT_ID' },
        DetailsDocument: { TargetVisibility: 'Public' },
      },
    ]);
  });

  it.each(ALGORITHMS)("of %s, with public addresses, is as the catalog's rules require", async (algorithm) => {
    const changes = changesOf(await materialOf(algorithm), { links: LINKS });

    expect(changeSetProblem(changes)).toBeUndefined();
    expect(changes.Intent).toBe('VALIDATE');
  });

  it('has stored samples, parameters and output parameters of the definition', async () => {
    const { DeliveryOptions } = documentOf(changesOf(await flawlessMaterial()), 'AddDeliveryOptions');

    const details = DeliveryOptions[0].Details.SageMakerAlgorithmDeliveryOptionDetails;
    expect(details.InputProperties.SampleInput.RealtimeInferenceText).toMatch(/^[\d.]+(,[\d.]+){5}$/);
    expect(details.InputProperties.Parameters).toContainEqual(
      expect.objectContaining({ Name: 'interval', Required: false }),
    );
    expect(details.OutputProperties.Parameters.map(({ Name }: { Name: string }) => Name)).toEqual([
      'score',
      'lower',
      'upper',
    ]);
    expect(details.SageMakerAlgorithmArn).toBe(
      'arn:aws:sagemaker:us-east-1:000000000000:algorithm/linear-regression-1-0-0',
    );
  });

  it('prices each dimension, and grants each in the trial', async () => {
    const { Terms, PricingModel } = documentOf(changesOf(await flawlessMaterial()), 'UpdatePricingTerms', 'Offer@1.0');

    expect(PricingModel).toBe('Usage');
    const [usage, trial] = Terms;
    expect(usage.RateCards[0].RateCard).toContainEqual({ DimensionKey: 'ml.c5.4xlarge.a.t', Price: '0.80' });
    expect(trial).toMatchObject({ Type: 'FreeTrialPricingTerm', Duration: 'P14D' });
    const keyOf = ({ DimensionKey }: { DimensionKey: string }) => DimensionKey;
    expect(trial.Grants.map(keyOf)).toEqual(usage.RateCards[0].RateCard.map(keyOf));
  });

  it("has test accounts and an agreement of one's own where there are", async () => {
    const material = await flawlessMaterial();
    const changes = changesOf(material, { testAccounts: ['123456789012'], eula: 'eula.txt' });

    expect(documentOf(changes, 'UpdateTargeting')).toEqual({ PositiveTargeting: { BuyerAccounts: ['123456789012'] } });
    expect(documentOf(changes, 'UpdateLegalTerms', 'Offer@1.0').Terms[0].Documents).toEqual([
      {
        Type: 'CustomEula',
        Url: 'https://sagemaker-us-east-1-000000000000.s3.us-east-1.amazonaws.com/linear-regression/1.0.0/listing/eula.txt',
      },
    ]);
    expect(documentOf(changesOf(material), 'UpdateTargeting')).toBeUndefined();
  });

  it('is refused by field where the catalog would refuse a text', async () => {
    const changes = changesOf(await flawlessMaterial(), { links: { ...LINKS, notebook: 'https://example.org/a b' } });

    expect(changeSetProblem(changes)).toMatch(
      /^start-change-set\.json: AddDeliveryOptions: .*SampleNotebookUrl must be an https URL of letters/,
    );
  });
});

describe('a product without a change set', () => {
  const obstacleOf = async (algorithm: string, changes: Partial<Product> = {}) => {
    const material = await materialOf(algorithm);
    const source = sourceOf(material);
    return changeSetObstacle({ ...source, product: { ...source.product, ...changes } }, material);
  };

  it.each([
    ['linear-regression', {}, 'product.yaml has no links.notebook, links.repository'],
    ['neural-network', {}, 'product.yaml has no links.notebook, links.repository, links.samples'],
    ['linear-regression', { links: LINKS }, undefined],
    ['linear-regression', { links: LINKS, pricing: { model: 'free' } }, /^a free product is made in the portal/],
    ['linear-regression', { links: LINKS, visibility: 'private' }, /^a private product is made in the portal/],
    [
      'linear-regression',
      { links: LINKS, regions: ['eu-central-1'] },
      /^a product of some Regions is made in the portal/,
    ],
  ] as const)('%s with %o: the reason is %s', async (algorithm, changes, expected) => {
    const obstacle = await obstacleOf(algorithm, changes as Partial<Product>);

    if (expected instanceof RegExp) expect(obstacle).toMatch(expected);
    else expect(obstacle).toBe(expected);
  });
});
