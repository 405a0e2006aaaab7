import { expect, it } from 'vitest';
import { ANSWER_TYPES, REQUEST_TYPES, TRAINING_TYPES } from '../../src/formats/content-types.js';
import { ANSWER_FORMATS, CHANNEL_FORMATS, formatOf, REQUEST_FORMATS } from '../../src/formats/formats.js';

it('the media types that algorithms declare can each be read or written, and no format is left out', () => {
  const declared = [
    [TRAINING_TYPES, CHANNEL_FORMATS],
    [REQUEST_TYPES, REQUEST_FORMATS],
    [ANSWER_TYPES, ANSWER_FORMATS],
  ] as const;

  for (const [types, formats] of declared) {
    const found = types.map((type) => formatOf(type, formats)?.type);

    expect(new Set(found)).toEqual(new Set(formats.map(({ type }) => type)));
  }
});
