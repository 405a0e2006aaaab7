/** Each rule with a listing that breaks it and no other. */
import type { Validation } from '@algo/local';
import { describe, expect, it } from 'vitest';
import { checkListing, findingsOf, RULES } from '../../src/check/check.js';
import type { Published } from '../../src/versions/published.js';
import { flawlessMaterial, withProduct } from '../support/flawless.js';
import { ownRequestOf } from '../support/material.js';
import { ALGORITHMS } from '../support/product.js';
import { imageCheck, product, validated, validatedAgain, withPublished, withServedOnly } from './mistakes/changes.js';
import { CLASSES_AND_PROMISES_FIXTURES } from './mistakes/classes-and-promises.js';
import { EVIDENCE_FIXTURES } from './mistakes/evidence.js';
import { LINKS_AND_INSTANCES_FIXTURES } from './mistakes/links-and-instances.js';
import { SAMPLES_AND_RESOURCE_FIXTURES } from './mistakes/samples-and-resource.js';
import { TEXTS_FIXTURES } from './mistakes/texts.js';
import { TRAINING_AND_VERSIONS_FIXTURES } from './mistakes/training-and-versions.js';
import { VALIDATION_FIXTURES } from './mistakes/validation.js';

const FIXTURES = [
  ...TEXTS_FIXTURES,
  ...LINKS_AND_INSTANCES_FIXTURES,
  ...SAMPLES_AND_RESOURCE_FIXTURES,
  ...TRAINING_AND_VERSIONS_FIXTURES,
  ...VALIDATION_FIXTURES,
  ...EVIDENCE_FIXTURES,
  ...CLASSES_AND_PROMISES_FIXTURES,
];

describe('a listing', () => {
  it('without a mistake has no findings', async () => {
    expect(findingsOf(await flawlessMaterial())).toEqual([]);
  });

  it('of an image without our bundle, or a validation in a container, is not asked for the same digest', async () => {
    const other = imageCheck({ bundle: null })(await flawlessMaterial());
    const inContainer = validated({ bundle: undefined } as unknown as Partial<Validation>)(await flawlessMaterial());

    expect([findingsOf(other), findingsOf(inContainer)]).toEqual([[], []]);
  });

  it.each(FIXTURES)('breaks rule %i, and no other, with %s', async (rule, _, change, place, text) => {
    const changed = change(await flawlessMaterial());
    const findings = findingsOf(rule === 31 ? changed : validatedAgain(changed));

    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([rule]);
    expect(findings[0]).toEqual({
      rule,
      source: RULES[rule - 1]!.source,
      place: expect.stringMatching(place),
      text: expect.stringMatching(text),
    });
  });

  it.each(['R² of 0.93 on the test rows', 'Has an F1 score of 0.9', 'Accuracy: 0.9'])(
    'of a model package has its metric in "%s"',
    async (highlight) => {
      expect(findingsOf(validatedAgain(withServedOnly([highlight])(await flawlessMaterial())))).toEqual([]);
    },
  );

  it.each(['my-example.com', 'example.com.br', 'counterexample.org'])(
    'may have a domain that only looks like an example: %s',
    async (domain) => {
      const change = product('support: >-', `support: >-\n  Write to help@${domain}, or see www.${domain}.`);
      expect(findingsOf(validatedAgain(change(await flawlessMaterial())))).toEqual([]);
    },
  );

  it('may have newer libraries as all its news, after a version with the same', async () => {
    const notes = 'It is built with newer versions of its libraries.';
    const before = (published: Published) =>
      Object.assign(Object.assign(published, { releaseNotes: notes }).definition, { Version: '0.9.0' });
    const { history, ...material } = withPublished(before)(await flawlessMaterial());
    const changelog = '## 1.0.0\n\n### Patch Changes\n\n- Updated dependencies [1a2b3c4]\n  - @algo/contract@1.1.0\n';

    expect(findingsOf({ ...material, history: { ...history, changelog } })).toEqual([]);
  });

  it('has a fixture here for every rule', () => {
    expect([...new Set(FIXTURES.map(([rule]) => rule))]).toEqual(RULES.map((_, i) => i + 1));
  });
});

describe('prices of another model', () => {
  const of = async (pricing: string, more: readonly [RegExp, string] = [/^title: .*/m, 'title: Other']) => {
    const changed = withProduct(await flawlessMaterial(), more[0], more[1]);
    const { product: found } = changed.productFile;
    const model = { ...found!, pricing: JSON.parse(pricing) };
    return findingsOf({ ...changed, productFile: { ...changed.productFile, product: model } }).map(
      (finding) => `${finding.rule}: ${finding.text}`,
    );
  };

  it('per inference need dimension and price, and no price per hour in real time', async () => {
    const findings = await of('{ "model": "per-inference" }');

    expect(findings[0]).toBe('18: pricing.inference must have dimension and price; it is missing');
    expect(findings.slice(1)).toEqual(
      ['ml.m5.large', 'ml.m5.xlarge', 'ml.c5.xlarge'].map(
        (type) =>
          `18: instances.realTime.${type} must have no price per hour: real-time inference is priced per inference`,
      ),
    );
  });

  it('of a free product are refused, and its trial', async () => {
    const findings = await of('{ "model": "free", "freeTrialDays": 7 }');

    expect(findings).toContain('18: pricing.freeTrialDays must not be there: the product is free');
    expect(findings).toContain('18: instances.training.ml.m5.large must have no price: the product is free');
  });
});

describe('our own listings', () => {
  it.each(ALGORITHMS)('lack only what is not public yet, and addresses of a seller: %s', async (algorithm) => {
    const findings = await checkListing(await ownRequestOf(algorithm));

    const written = findings.filter(({ rule }) => rule < 31 || rule > 35); // the others are of what was run on a machine
    const texts = written.map(({ rule, text }) => `${rule}: ${text.replace(/ must.*/, '')}`);
    const links = ['10: links.notebook', '10: links.repository', '10: links.samples'];
    expect(texts).toEqual([...links, '39: support', '39: refunds']);
  });
});
