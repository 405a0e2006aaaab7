import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createNegotiation, type Payloads } from '../../src/serve/negotiation.js';

const JSON_TYPE = 'application/json';
const LINES = 'application/jsonlines';
const ALL: Payloads = {
  contentTypes: { input: ['text/csv'], output: [JSON_TYPE, LINES, 'text/csv'] },
  inputs: {},
  answers: {},
};

describe('the response type', () => {
  it('for text/event-stream is the own answer of that type where there is one, else the first of a schema', () => {
    const schema = { description: 'A total.', schema: z.object({ total: z.number() }) };
    const events = { description: 'Totals.', encode: () => Buffer.alloc(0) };
    const typeFor = (answers: Payloads['answers']) =>
      createNegotiation({ contentTypes: { input: [], output: [] }, inputs: {}, answers }).outputFormat(
        'text/event-stream',
      ).format.type;

    expect(typeFor({ [JSON_TYPE]: schema, 'text/event-stream': events })).toBe('text/event-stream');
    expect(typeFor({ [JSON_TYPE]: schema })).toBe(JSON_TYPE);
  });

  it.each([
    [undefined, JSON_TYPE],
    ['', JSON_TYPE],
    ['*/*', JSON_TYPE],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['text/*', 'text/csv'],
    ['application/*', JSON_TYPE],
    ['application/jsonlines', LINES],
    ['text/csv, application/json', 'text/csv'],
    ['application/json, text/csv', JSON_TYPE],
    ['text/csv;q=0.5, application/jsonlines;q=0.6', LINES],
    ['text/csv;q=0.5, */*', JSON_TYPE],
    ['text/csv, */*', 'text/csv'],
    ['*/*, text/csv', 'text/csv'],
    ['*/*;q=0.1, text/*;q=0.2', 'text/csv'],
    ['application/json;q=0, */*', LINES],
    ['application/json;q=0, application/jsonlines;q=0.0, */*;q=0.001', 'text/csv'],
    ['application/*;q=0.9, application/json;q=0.1, text/csv;q=0.5', LINES],
    ['image/png, text/csv;q=0.1', 'text/csv'],
    ['text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2', JSON_TYPE],
    ['text/csv; note="a, b; c" , image/png', 'text/csv'],
    [' , text/csv,,', 'text/csv'],
    ['text/csv;q=0.5;interval=0.9, text/csv;q=0.7', 'text/csv'],
  ])('for Accept %j is %s', (accept, expected) => {
    expect(createNegotiation(ALL).outputFormat(accept).format.type).toBe(expected);
  });

  it.each([
    'image/png',
    '*/*;q=0',
    'text/csv;q=0',
    'text/csv;q=0, text/*',
    'text/csv;q=2',
    'text/csv;q=high',
    'text',
    'text/csv;;=',
    '"',
  ])('for Accept %j is an error that lists the supported types', (accept) => {
    expect(() => createNegotiation(ALL).outputFormat(accept)).toThrow(
      expect.objectContaining({ code: 'E_REQUEST_ACCEPT', message: expect.stringContaining(`received "${accept}"`) }),
    );
  });

  it.each([
    ['application/x-jsonlines', 'application/x-jsonlines'],
    ['application/jsonl;q=0.3', 'application/jsonl'],
    ['Application/X-NDJSON', 'application/x-ndjson'],
  ])('for %s is JSON Lines, under the name that the caller used', (accept, contentType) => {
    expect(createNegotiation(ALL).outputFormat(accept)).toMatchObject({
      format: { type: LINES },
      contentType,
      accept: { type: LINES, parameters: {} },
    });
  });

  it.each([
    ['text/csv; interval=0.95', 'text/csv', { interval: '0.95' }],
    ['text/csv; interval=0.95; q=0.5', 'text/csv', { interval: '0.95' }],
    ['text/csv; q=0.5; interval="0.95"', 'text/csv', { interval: '0.95' }],
    ['text/*; interval=0.9', 'text/csv', { interval: '0.9' }],
    ['*/*; interval=0.9', JSON_TYPE, { interval: '0.9' }],
    ['text/csv;interval=0.9;q=0.5, text/csv;interval=0.8;q=0.6', 'text/csv', { interval: '0.8' }],
  ])('for %s has the parameters', (accept, type, parameters) => {
    expect(createNegotiation(ALL).outputFormat(accept).accept).toEqual({ type, parameters });
  });
});

describe('a parameter of the request type', () => {
  const payloads: Payloads = {
    ...ALL,
    contentTypes: { ...ALL.contentTypes, input: ['text/csv', 'text/libsvm', JSON_TYPE] },
  };
  it.each([
    ['text/csv; haeder=present', 'did you mean "header"?'],
    ['text/libsvm; indexbase=1', 'did you mean "index_base"?'],
  ])('that most likely is a misspelt one is refused: %s', (contentType, advice) => {
    expect(() => createNegotiation(payloads).inputFormat(contentType)).toThrow(
      expect.objectContaining({ code: 'E_CONTENT_TYPE', message: expect.stringContaining(advice) }),
    );
  });

  it.each([
    ['text/csv; charset=', 'its parameters must be written NAME=VALUE', '"charset="'],
    ['text/csv header=present', 'only parameters, each after a semicolon, must follow it', '"header=present"'],
    ['text/csv;delimiter=;', 'its parameters must be written NAME=VALUE', '"delimiter="'],
  ])('that is malformed is named: %s', (contentType, rule, received) => {
    expect(() => createNegotiation(payloads).inputFormat(contentType)).toThrow(
      expect.objectContaining({
        code: 'E_CONTENT_TYPE',
        message: expect.stringMatching(
          new RegExp(`^Header Content-Type: text/csv: ${rule}.*; received ${received}\\.$`),
        ),
      }),
    );
  });

  it.each(['text/csv; verbose=true', 'text/csv; label_size=1; header=auto', 'application/json; charset=utf-8'])(
    'that is another is let through: %s',
    (contentType) => {
      expect(createNegotiation(payloads).inputFormat(contentType).format.type).toBe(contentType.split(';')[0]);
    },
  );
});

describe('SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT', () => {
  it.each([
    [undefined, 'text/csv', { interval: '0.9' }],
    ['*/*', 'text/csv', { interval: '0.9' }],
    ['*/*;interval=0.5', 'text/csv', { interval: '0.5' }],
    ['text/*', 'text/csv', { interval: '0.9' }],
    ['application/json, */*;q=0.1', JSON_TYPE, {}],
    ['text/csv', 'text/csv', {}],
  ])('replaces Accept %j', (accept, type, parameters) => {
    const negotiation = createNegotiation(ALL, 'text/csv; interval=0.9');

    expect(negotiation.outputFormat(accept).accept).toEqual({ type, parameters });
  });

  it.each(['image/png', 'text/*', 'libsvm', 'text/csv,application/json'])(
    'with an unsupported type %j makes the start fail',
    (value) => {
      expect(() => createNegotiation(ALL, value)).toThrow(
        `Variable SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT must be one of application/json, application/jsonlines, text/csv; received "${value}".`,
      );
    },
  );
});

it('a definition with a content type that the SDK does not support is refused', () => {
  expect(() =>
    createNegotiation({ ...ALL, contentTypes: { input: ['text/csv'], output: ['image/png' as 'text/csv'] } }),
  ).toThrow('received "image/png"');
});
