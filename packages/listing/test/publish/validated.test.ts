/** Which images are pushed: those with the program that was validated, as far as that is known. */
import type { ImageCheck, ImageContent, Validation } from '@algo/local';
import { expect, it } from 'vitest';
import type { PublishContext } from '../../src/publish/context.js';
import { compareWithValidated } from '../../src/publish/validated.js';
import { flawlessMaterial } from '../support/flawless.js';

interface Run {
  readonly built?: string | undefined;
  readonly validation?: Partial<Validation>;
  readonly check?: Partial<ImageCheck>;
}

/** Compares an image of layer `a`; the program is built, validated and checked as bundle `1`. */
async function compare(content: Partial<ImageContent>, { built = '1', validation, check }: Run = {}) {
  const material = await flawlessMaterial();
  const { evidence } = material;
  const { image: _, ...process } = evidence.validation.value!.validation;
  const found = { ...evidence.validation.value!, validation: { ...process, bundle: '1', ...validation } };
  const checked = { ...evidence.image.value!, layers: [{ diffId: 'a', compressedBytes: 1 }], bundle: '1', ...check };
  const context = {
    request: {},
    material: {
      ...material,
      bundle: built,
      evidence: {
        ...evidence,
        validation: { file: 'validation.json', value: found },
        image: { file: 'check.json', value: checked },
      },
    },
  } as unknown as PublishContext;
  return compareWithValidated(context, { prefix: '' } as never, 'line', { diffIds: ['a'], bundle: '1', ...content });
}

it('takes one with the program that was validated and is built', async () => {
  expect(await compare({})).toEqual([]);
});

it('refuses one of an older program, naming what to run', async () => {
  await expect(compare({ bundle: '0' })).rejects.toThrow(
    'Image line must have the program as it is built now; it differs: run algo image build linear-regression, ' +
      'and algo image check linear-regression, and algo validate linear-regression.',
  );
});

it('refuses one whose program was not the one that was validated', async () => {
  await expect(compare({}, { validation: { bundle: '0' } })).rejects.toThrow(
    'Image line must have the program that was validated; it differs: run algo validate linear-regression.',
  );
});

it('refuses one of other layers than those that were validated in a container', async () => {
  const image = { reference: 'line', id: 'b', diffIds: ['b'] };

  await expect(compare({}, { validation: { image } })).rejects.toThrow(
    'Image line must have the layers of line that was validated; it differs: run algo validate linear-regression --runner container.',
  );
});

it('says what is not known of an image without our bundle, and that one is not checked', async () => {
  const check = { layers: [{ diffId: 'b', compressedBytes: 1 }] };

  expect(await compare({ bundle: undefined }, { check })).toEqual([
    'not known whether line has the program that was validated: algo validate linear-regression --runner container',
    'line is not checked as it is now: algo image check linear-regression',
  ]);
});
