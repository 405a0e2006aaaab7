import { describe, expect, it } from 'vitest';
import { fieldName, parseProduct } from '../../src/product/product-file.js';
import { ALGORITHMS, changedProduct, productText } from '../support/product.js';

/** Line of the first match in the product.yaml of linear regression, with the change. */
function problemsOf(from: string | RegExp, to: string): string[] {
  return changedProduct(from, to).problems.map(({ line, text }) => `${line}: ${text}`);
}

const TITLE = 'title: Linear Regression with Exact Arithmetic';

describe('product.yaml', () => {
  it.each(ALGORITHMS)('of %s is without problems', (algorithm) => {
    const { problems, product } = parseProduct(productText(algorithm), 'product.yaml');

    expect(problems).toEqual([]);
    expect(product?.title).not.toBe('');
  });

  it.each([
    [
      'a title that is too long',
      TITLE,
      `title: ${'x'.repeat(73)}`,
      /^5: title must have 72 characters or fewer; received 73: "x+…$/,
    ],
    ['an empty title', TITLE, "title: '  '", /^5: title must not be empty; received " {2}"$/],
    ['a title that is a number', TITLE, 'title: 7', /^5: title must be a text; received 7$/],
    ['a missing title', TITLE, '', /^6: title is required; it is missing$/],
    [
      'an unknown field',
      TITLE,
      `${TITLE}\nsubtitle: x`,
      /^6: the file must not have "subtitle": there is no such field$/,
    ],
    [
      'a fourth highlight',
      'categories:',
      '  - b\ncategories:',
      /^6: highlights must have 3 items or fewer; received \[/,
    ],
    [
      'a category of its own',
      'Structured]',
      'Tables]',
      /^15: categories\[1\] must be one of ML Solutions, .*; received "Tables"$/,
    ],
    [
      'keywords of 260 characters',
      /keywords: .*/,
      `keywords: [${`${'k'.repeat(44)}, `.repeat(6)}]`,
      /^16: keywords must have 250 characters or fewer in all/,
    ],
    [
      'a control character',
      TITLE,
      'title: "a\\u0007b"',
      /^5: title must have no control characters .*; received "a\\u0007b"$/,
    ],
    [
      'a link without https',
      'links: {}',
      'links: { notebook: http://x.org/a }',
      /^19: links\.notebook must be an https URL; received "http/,
    ],
    [
      'a Region that is none',
      'links: {}',
      'regions: [Ohio]\nlinks: {}',
      /^19: regions\[0\] must be a Region such as us-east-1; received "Ohio"$/,
    ],
    [
      'a trial of 40 days',
      'freeTrialDays: 14',
      'freeTrialDays: 40',
      /^\d+: pricing\.freeTrialDays must be 31 or less; received 40$/,
    ],
    [
      'a trial of half a day',
      'freeTrialDays: 14',
      'freeTrialDays: 5.5',
      /^\d+: pricing\.freeTrialDays must be a whole number; received 5\.5$/,
    ],
    [
      'a price below 0',
      'ml.m5.large: 0.10',
      'ml.m5.large: -1',
      /^\d+: instances\.training\.ml\.m5\.large must be 0 or more; received -1$/,
    ],
    [
      'a price of 15 decimals',
      'ml.m5.large: 0.10',
      'ml.m5.large: 0.123456789012345',
      /^\d+: instances\.training\.ml\.m5\.large must have 8 decimals or fewer; received 0\.123456789012345$/,
    ],
    [
      'a price that is no number',
      'ml.m5.large: 0.10',
      'ml.m5.large: .nan',
      /^\d+: instances\.training\.ml\.m5\.large must be a number; received NaN$/,
    ],
    [
      'a price without end',
      'ml.m5.large: 0.10',
      'ml.m5.large: -.inf',
      /^\d+: instances\.training\.ml\.m5\.large must be .*; received -Infinity$/,
    ],
    ['a list of no number', 'categories:', 'sku: [.nan]\ncategories:', /^\d+: sku must be a text; received \["NaN"\]$/],
    [
      'a type that no object can have',
      'ml.m5.large: 0.10',
      '__proto__: 0.10',
      /^\d+: must not have "__proto__": there is no such field$/,
    ],
    [
      'an alias that contains itself',
      /keywords: .*/,
      'keywords: &k [*k, x]',
      /^16: \*k must be outside of what it names, &k; it is inside$/,
    ],
    [
      'an alias deep in itself',
      'links: {}',
      'links: &l { resources: [{ text: a, url: *l }] }',
      /^19: \*l must be outside of what it names, &l; it is inside$/,
    ],
    [
      'a type that is none',
      'ml.m5.large: 0.10',
      'm5.large: 0.10',
      /^\d+: instances\.training\.m5\.large must be an instance type such as ml\.m5\.large; received "m5\.large"$/,
    ],
    [
      'a file outside of the folder',
      'logo: logo.png',
      'logo: ../logo.png',
      /^\d+: logo must be the path of a file .*; received "\.\.\/logo\.png"$/,
    ],
    [
      'an account that YAML reads as a number',
      'pricing:',
      'testAccounts: [123456789012]\npricing:',
      /^\d+: testAccounts\[0\] must be a text; received 123456789012$/,
    ],
    ['a field twice', TITLE, `${TITLE}\n${TITLE}`, /^6: must be YAML; Map keys must be unique/],
    ['a tab for indentation', 'logo: logo.png', 'logo:\n\t- x', /^\d+: must be YAML; /],
  ])('with %s is refused with line, field, rule and value', (_, from, to, expected) => {
    const problems = problemsOf(from, to);

    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it('reports all problems together, in the order of their lines', () => {
    const { problems } = parseProduct('highlights: []\ntitle: x\nlogo: 3\n', 'product.yaml');

    expect(problems.map(({ line }) => line)).toEqual(problems.map(({ line }) => line).toSorted((a, b) => a - b));
    expect(problems.map(({ text }) => text)).toContain('highlights must have 1 item or more; received []');
    expect(problems.map(({ text }) => text)).toContain('logo must be a text; received 3');
    expect(problems.length).toBeGreaterThan(8);
  });

  it('is refused where it is empty', () => {
    const { problems } = parseProduct('# nothing\n', 'product.yaml');

    expect(problems).toEqual([{ line: 1, text: 'the file must be a map of fields; received null' }]);
  });
});

describe('the line of a field', () => {
  it('is that of its key, of an item, or of what is around it', () => {
    const { lineOf } = parseProduct('title: x\npricing:\n  model: free\nhighlights:\n  - a\n  - b\n', 'f');

    expect(lineOf(['pricing', 'model'])).toBe(3);
    expect(lineOf(['highlights', 1])).toBe(6);
    expect(lineOf(['pricing', 'inference', 'price'])).toBe(2);
    expect(lineOf(['links'])).toBe(1);
  });

  it('has a field written as in code', () => {
    expect(fieldName(['highlights', 1])).toBe('highlights[1]');
    expect(fieldName(['instances', 'training', 'ml.m5.large'])).toBe('instances.training.ml.m5.large');
  });
});

it('an alias without its anchor is a problem of the file', () => {
  expect(parseProduct('a: &a 1\nb: *nope\n', 'product.yaml')).toMatchObject({
    product: undefined,
    problems: [{ line: 1, text: expect.stringMatching(/^must be YAML; .*nope/) }],
  });
});
