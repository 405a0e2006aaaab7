/** What the regeneration of samples says of a content type that no sample shows. */
import { expect, it } from 'vitest';
import { checkTypes } from '../shown-types.ts';

const description = {
  InferenceSpecification: {
    SupportedContentTypes: ['text/csv', 'image/png'],
    SupportedResponseMIMETypes: ['text/csv', 'application/json'],
  },
} as Parameters<typeof checkTypes>[1];
const csv = { contentType: 'text/csv; charset=utf-8', accept: 'text/csv;output=score' };
const png = { contentType: 'image/png', accept: 'application/json' };

it('accepts samples of every type in every use', () => {
  expect(() => checkTypes('a', description, { request: [csv, png], batch: [png, csv] })).not.toThrow();
});

it.each([
  [{ request: [csv], batch: [csv, png] }, 'a: each content type needs a request; image/png has none.'],
  [{ request: [csv, png], batch: [csv] }, 'a: each content type needs a batch; image/png has none.'],
  [
    { request: [csv, { ...png, accept: 'text/csv' }], batch: [csv, png] },
    'a: each content type needs a request; application/json has none.',
  ],
])('names the first type without a sample: %j', (uses, message) => {
  expect(() => checkTypes('a', description, uses)).toThrow(message);
});
