import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ValidationProfile } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { sellerOf } from '../../src/documents/seller.js';
import { readMaterial, sourceOf } from '../../src/material.js';
import { exportData } from '../../src/notebooks/export.js';
import { portalPage } from '../../src/portal/portal.js';
import { dollars, priceRows } from '../../src/portal/prices.js';
import type { Product } from '../../src/product/schema.js';
import { flawlessMaterial } from '../support/flawless.js';
import { makeFolder } from '../support/folder.js';
import { materialOf, requestOf } from '../support/material.js';

async function pageOf(algorithm: string, changes: Partial<Product> = {}): Promise<string> {
  const material = await materialOf(algorithm);
  const source = sourceOf(material);
  return portalPage({ ...source, product: { ...source.product, ...changes } }, material);
}

/** What is between the heading of a field and the next one. */
function fieldOf(page: string, name: string): string {
  const from = page.indexOf(`### ${name}`);
  expect(from, name).toBeGreaterThan(0);
  return page.slice(from, page.indexOf('\n##', from));
}

describe('portal.md', () => {
  it("has the sections of the portal's form in its order", async () => {
    const page = await pageOf('linear-regression');

    expect(
      [...page.matchAll(/^## (.*)$/gm)].map(([, title]) => title).filter((title) => !DESCRIPTION.test(title!)),
    ).toEqual([
      ...['Product descriptions', 'Promotional resources', 'Support information', 'Region availability'],
      ...['Launch option: version and repository', 'Launch option: training data', 'Launch option: input'],
      ...[
        'Launch option: output',
        'Launch option: recommended instances',
        'Pricing and terms',
        'Submit for publishing',
      ],
    ]);
  });

  it('has each text with its length and its limit, in a box', async () => {
    const page = await pageOf('linear-regression');

    expect(fieldOf(page, 'Product title')).toBe(
      '### Product title\n\n39 of 72 characters.\n\n```text\nLinear Regression with Exact Arithmetic\n```\n',
    );
    expect(fieldOf(page, 'Short product description')).toContain('of 1000 characters.');
    expect(fieldOf(page, 'Search keywords')).toContain('linear regression,least squares');
  });

  it('has the ARNs of the account that is given, and without one says that it is missing', async () => {
    const material = await materialOf('linear-regression');
    const given = sellerOf(material.definition, { account: '123456789012' });

    const missing = await pageOf('linear-regression');
    const page = portalPage({ ...sourceOf(material), seller: given }, material);

    for (const [field, arn] of [
      ['ARN', given.arn],
      ['IAM role that AWS Marketplace reads the resource with', given.accessRole],
    ] as const) {
      expect(fieldOf(missing, field)).toContain('**Missing**: give `--account` to algo listing.');
      expect(fieldOf(page, field)).toContain(`\n${arn}\n`);
    }
    expect(missing).not.toMatch(/\b0{12}\b/);
  });

  it('puts a text that has boxes into a longer fence', async () => {
    const page = await pageOf('linear-regression');

    expect(fieldOf(page, 'Usage instructions')).toMatch(/\n````text\n# Usage|\n````text\n## Train/);
  });

  it('has stored samples as texts, and says where to write the address of one that is too long', async () => {
    const page = await pageOf('neural-network');

    expect(fieldOf(page, 'Sample output, real time')).toMatch(/```text\n[\d.,e-]+/);
    expect(fieldOf(page, 'Sample input, batch')).toContain('**Missing**: write `links.samples` in product.yaml.');
    const links = { resources: [], samples: 'https://example.org/data/' };
    expect(fieldOf(await pageOf('neural-network', { links }), 'Sample input, batch')).toContain(
      '\nhttps://example.org/data/inference/input/batch/input.csv',
    );
  });

  it('has the output parameters of the definition', async () => {
    const page = await pageOf('linear-regression');

    expect(fieldOf(page, 'Output parameter lower: description')).toContain('Lower end of the prediction interval.');
    expect(fieldOf(page, 'Output parameter lower: always returned')).toContain('**No**');
    expect(fieldOf(page, 'Output parameter score: always returned')).toContain('**Yes**');
  });

  it('has what validations have measured, and says which was not run', async () => {
    const page = await pageOf('linear-regression');
    const material = await flawlessMaterial();
    const measured = portalPage(sourceOf(material), material);

    expect(fieldOf(page, 'Latency, throughput and metrics')).toContain(
      'Latency is **not measured**: run `algo validate linear-regression --runner sagemaker`.',
    );
    expect(fieldOf(measured, 'Latency, throughput and metrics')).toContain(
      [
        'Real time on ml.m5.large: median 5 ms, 99 of 100 requests within 9 ms, 500 requests per second.',
        'On the sample data: validation:rmse 1.',
      ].join('\n'),
    );
    expect(measured).not.toContain('**not measured**');

    const { measurements } = material.evidence;
    const elsewhere = { ...measurements, value: { ...measurements.value!, elsewhere: 'on this machine' } };
    const local = { ...material, evidence: { ...material.evidence, measurements: elsewhere } };
    const field = fieldOf(portalPage(sourceOf(local), local), 'Latency, throughput and metrics');
    expect(field).toContain('Latency is **not measured**');
    expect(field).not.toContain('median');
  });

  it.each([
    ['rows/train.csv', 'train/train.csv'],
    ['rows', 'train'],
    ['rows/', 'train'],
  ])('has the sample of the channel that training needs, %s, where the repository has it', async (path, place) => {
    const request = await requestOf('linear-regression');
    const sampleData = makeFolder();
    cpSync(request.sampleData, sampleData, { recursive: true });
    cpSync(join(sampleData, 'train'), join(sampleData, 'rows'), { recursive: true });
    const file = join(sampleData, 'validation-profile.json');
    const profile = JSON.parse(readFileSync(file, 'utf8')) as ValidationProfile;
    const { train } = profile.trainingJob!.channels;
    const trainingJob = { ...profile.trainingJob, channels: { train: { ...train!, path } } };
    writeFileSync(file, JSON.stringify({ ...profile, trainingJob }));
    const repository = makeFolder();
    await exportData({ ...request, sampleData }, repository);
    const material = await readMaterial({ ...request, sampleData });
    const source = sourceOf(material);
    const product = { ...source.product, links: { resources: [], samples: 'https://example.org/data/' } };

    const page = portalPage({ ...source, product }, material);

    expect(fieldOf(page, 'Sample of the training data: URL')).toContain(`\nhttps://example.org/data/${place}\n`);
    const exported = join(repository, 'data', place);
    expect(statSync(exported).isFile() ? exported : join(exported, 'train.csv')).toSatisfy(existsSync);
  });

  it('has a price for each use of each instance type, and shows one that is missing', async () => {
    const page = await pageOf('linear-regression', {
      instances: {
        training: { 'ml.m5.large': 0.1 },
        realTime: { 'ml.m5.large': null },
        batch: { 'ml.c5.xlarge': 0.25 },
      },
    });

    expect(fieldOf(page, 'Pricing')).toContain(
      [
        '| training | ml.m5.large | 0.10 | ml.m5.large.a.t |',
        '| real-time inference | ml.m5.large | **missing** | ml.m5.large.m.i.r |',
        '| batch transform | ml.c5.xlarge | 0.25 | ml.c5.xlarge.m.i.b |',
      ].join('\n'),
    );
  });
});

/** Headings inside of the overview. */
const DESCRIPTION = /^(What it does|Use cases|What sets it apart|How it works|Not for|Train|Predict)$/;

describe('prices', () => {
  const instances = { training: { 'ml.m5.large': 1 }, realTime: { 'ml.m5.large': 2 }, batch: { 'ml.m5.large': 3 } };
  const rowsOf = async (pricing: Product['pricing']) => {
    const { product, definition } = sourceOf(await materialOf('linear-regression'));
    return priceRows({ product: { ...product, instances, pricing }, definition }).map(
      ({ dimension, price }) => `${dimension} ${price}`,
    );
  };

  it.each([
    [{ model: 'free' }, []],
    [{ model: 'hourly' }, ['ml.m5.large.a.t 1', 'ml.m5.large.m.i.r 2', 'ml.m5.large.m.i.b 3']],
    [
      { model: 'per-inference', inference: { dimension: 'inference.count', price: 0.001 } },
      ['ml.m5.large.a.t 1', 'ml.m5.large.m.i.b 3', 'm.i.c 0.001'],
    ],
  ] as const)('of %o are %o', async (pricing, expected) => {
    expect(await rowsOf(pricing)).toEqual(expected);
  });

  it('of a product without training have none for it, whatever product.yaml lists', async () => {
    const { product, definition } = sourceOf(await materialOf('linear-regression'));
    const { TrainingSpecification: _, ...served } = definition;

    const rows = priceRows({ product: { ...product, instances }, definition: served });

    expect(rows.map(({ dimension }) => dimension)).toEqual(['ml.m5.large.m.i.r', 'ml.m5.large.m.i.b']);
  });

  it.each([
    [0.1, '0.10'],
    [3, '3.00'],
    [0.0000001, '0.0000001'],
    [1.234, '1.234'],
    [0, '0.00'],
  ])('%d is written as %s', (price, expected) => {
    expect(dollars(price)).toBe(expected);
  });
});
