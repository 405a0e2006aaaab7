import { describe, expect, it } from 'vitest';
import { type Refusal, refusalText } from '../../../src/publish/listing/refusals.js';
import { changedProduct } from '../../support/product.js';

const productFile = changedProduct(/^title: .*/m, 'title: Sums');
const line = (path: readonly PropertyKey[]) => productFile.lineOf(path);

function textOf(refusal: Partial<Refusal>): string {
  return refusalText(
    { change: 'UpdateInformation', code: 'INVALID_INPUT', message: 'It is wrong.', field: undefined, ...refusal },
    productFile,
  );
}

describe('a refusal of the catalog', () => {
  it.each([
    ['Highlights/1', `product.yaml:${line(['highlights', 1])} highlights[1]`],
    ['SearchKeywords', `product.yaml:${line(['keywords'])} keywords`],
    ['LongDescription', 'description.md'],
    [
      'DeliveryOptions/0/Details/SageMakerAlgorithmDeliveryOptionDetails/InputProperties/Limitations',
      `product.yaml:${line(['input'])} input`,
    ],
  ])('has the place that the field %s comes from', (field, place) => {
    expect(textOf({ field })).toBe(`  UpdateInformation, ${place}: INVALID_INPUT: It is wrong.`);
  });

  it('has the place that only its message names', () => {
    expect(textOf({ message: 'RecommendedInstanceTypes/Training must be another.' })).toContain(
      `product.yaml:${line(['recommended'])} recommended: `,
    );
  });

  it('has the place and the advice of its code', () => {
    expect(textOf({ change: 'AddDeliveryOptions', code: 'DUPLICATE_VERSION_TITLE' })).toBe(
      '  AddDeliveryOptions, the version of the definition: DUPLICATE_VERSION_TITLE: It is wrong.\n' +
        '    A version of a product stays as it is: raise the version.',
    );
  });

  it('has no place where nothing names one', () => {
    expect(textOf({ code: 'AUDIT_ERROR' })).toMatch(
      /^ {2}UpdateInformation: AUDIT_ERROR: It is wrong\.\n {4}People of/,
    );
  });
});
