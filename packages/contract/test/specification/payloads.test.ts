/** Own inputs and answers in `describe`: for programs as JSON Schema, for people a line per field; and what is refused. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { defineAlgorithm } from '../../src/define-algorithm.js';
import type { DecodedInput, EncodedAnswer } from '../../src/payloads/definition.js';
import { describeAlgorithm } from '../../src/specification/describe.js';

const request = z.object({
  instances: z
    .array(
      z.object({
        text: z.string().min(1).max(1000).meta({ description: 'The text, in English.' }),
        language: z.enum(['en', 'de']).default('en').meta({ description: 'Its language.' }),
        weight: z.number().gt(0).optional(),
        size: z.union([z.int().min(1), z.null()]),
      }),
    )
    .min(1)
    .max(100)
    .meta({ description: 'Texts to classify.' }),
});
const answer = z.object({ labels: z.array(z.string()).meta({ description: 'One per text.' }), model: z.literal('v1') });

const algorithm: Algorithm = defineAlgorithm({
  name: 'texts',
  version: '1.0.0',
  description: 'Classifies texts.',
  inputs: {
    'application/json': { description: 'Texts.', schema: request },
    'audio/wav': { description: 'Speech, 16 kHz.', maxBytes: 1000, decode: () => ({ instances: [] }) },
    'image/png': { description: 'A page.', decode: () => ({ instances: [] }) },
  },
  answers: {
    'application/json': { description: 'Labels.', schema: answer },
    'text/plain': { description: 'The first label.', encode: (value: z.output<typeof answer>) => value.labels[0]! },
  },
  load: () => 0,
  predict: () => ({ labels: [], model: 'v1' as const }),
});

describe('the description of own inputs and answers', () => {
  const { InferenceSpecification, Capabilities } = describeAlgorithm(algorithm);
  const [json, wav, png] = Capabilities.Inputs;

  it('lists their media types as the service takes them', () => {
    expect(InferenceSpecification).toEqual({
      SupportedContentTypes: ['application/json', 'audio/wav', 'image/png'],
      SupportedResponseMIMETypes: ['application/json', 'text/plain'],
    });
  });

  it('has a line per field, with its rule and what the author says of it', () => {
    expect(json!.Fields).toEqual([
      { Path: '', Rule: 'an object', IsRequired: true, Description: '' },
      {
        Path: 'instances',
        Rule: 'a list of 1 to 100 entries, each an object',
        IsRequired: true,
        Description: 'Texts to classify.',
      },
      { Path: 'instances[]', Rule: 'an object', IsRequired: true, Description: '' },
      {
        Path: 'instances[].text',
        Rule: 'text of 1 to 1000 characters',
        IsRequired: true,
        Description: 'The text, in English.',
      },
      { Path: 'instances[].language', Rule: 'one of "en", "de"', IsRequired: false, Description: 'Its language.' },
      { Path: 'instances[].weight', Rule: 'a number > 0', IsRequired: false, Description: '' },
      { Path: 'instances[].size', Rule: 'an integer ≥ 1 or null', IsRequired: true, Description: '' },
    ]);
  });

  it('has the JSON Schema of a request as a caller writes it, and of an answer as it comes', () => {
    expect(json!.Schema).toMatchObject({
      type: 'object',
      required: ['instances'],
      properties: { instances: { items: { required: ['text', 'size'] } } },
    });
    expect(Capabilities.Answers[0]!.Schema).toMatchObject({ required: ['labels', 'model'] });
    expect(Capabilities.Answers[0]!.Fields).toContainEqual({
      Path: 'model',
      Rule: '"v1"',
      IsRequired: true,
      Description: '',
    });
  });

  it('says of what a function decodes how large it may become', () => {
    expect(wav).toEqual({ ContentType: 'audio/wav', Description: 'Speech, 16 kHz.', MaxDecodedBytes: 1000 });
    expect(png).toMatchObject({ MaxDecodedBytes: 64 * 1024 * 1024 });
    expect(Capabilities.Answers[1]).toEqual({ ContentType: 'text/plain', Description: 'The first label.' });
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(Capabilities))).toEqual(Capabilities);
  });
});

it('takes a default that its schema makes of another type', () => {
  const schema = z.object({ count: z.string().transform(Number).default(5), size: z.int().max(9).default(9) });
  const inputs = { 'application/json': { description: 'x', schema } };

  expect(() => describeAlgorithm({ ...algorithm, inputs })).not.toThrow();
});

describe('a definition with own payloads is refused', () => {
  const decode = () => 0;
  it.each<[string, Partial<Algorithm>, string]>([
    ['no input at all', { inputs: {} }, 'There must be at least one input'],
    ['no answer at all', { answers: {} }, 'There must be at least one answer'],
    [
      'outputs without an answer in rows',
      { outputs: { score: { description: 'Score.' } } },
      'Outputs are the columns of rows',
    ],
    [
      'a name that is no media type',
      { inputs: { png: { description: 'x', decode } } },
      'inputs["png"]: the name must be a media type',
    ],
    [
      'a name with parameters',
      { inputs: { 'text/plain;a=1': { description: 'x', decode } } },
      'inputs["text/plain;a=1"]: the name must be',
    ],
    [
      'a name in capitals',
      { inputs: { 'Image/PNG': { description: 'x', decode } } },
      'inputs["Image/PNG"]: the name must be',
    ],
    [
      'a range of types',
      { inputs: { 'image/*': { description: 'x', decode } } },
      'inputs["image/*"]: the name must be',
    ],
    [
      'no description',
      { inputs: { 'image/png': { description: '', decode } } },
      'inputs["image/png"]: there must be a description',
    ],
    [
      'a schema and a decoder',
      { inputs: { 'image/png': { description: 'x', decode, schema: request } } },
      'inputs["image/png"]: there must be either schema or decode',
    ],
    [
      'a bound that is none',
      { inputs: { 'image/png': { description: 'x', decode, maxBytes: 0 } } },
      'inputs["image/png"]: maxBytes must be an integer ≥ 1; received 0',
    ],
    [
      'a misspelt key of an input',
      { inputs: { 'image/png': { description: 'x', decode, maxbytes: 10 } as object as DecodedInput } },
      'inputs["image/png"]: unknown key "maxbytes"; did you mean "maxBytes"?',
    ],
    [
      'a misspelt key of an answer',
      { answers: { 'image/png': { description: 'x', encode: () => '', maxBytes: 1 } as object as EncodedAnswer } },
      'answers["image/png"]: unknown key "maxBytes"; known are description, schema, encode.',
    ],
    [
      'a default that its schema would refuse',
      {
        inputs: {
          'application/json': {
            description: 'x',
            schema: z.object({ list: z.array(z.object({ size: z.int().max(9).default(10) })) }),
          },
        },
      },
      'inputs["application/json"]: list[].size: the default must follow its own schema; received 10.',
    ],
    [
      'a misspelt description of a field',
      {
        inputs: {
          'application/json': { description: 'x', schema: z.object({ a: z.string().meta({ descripton: 'A.' }) }) },
        },
      },
      'inputs["application/json"]: a: unknown key "descripton" in .meta(); did you mean "description"?',
    ],
    [
      'a schema that JSON has no words for',
      { inputs: { 'application/json': { description: 'x', schema: z.object({ at: z.date() }) } } },
      'inputs["application/json"]: the schema has no JSON Schema',
    ],
    [
      'a type of rows as an own input',
      { contentTypes: { input: ['application/json'], output: [] } },
      'inputs["application/json"]: the type is in contentTypes too',
    ],
    [
      'another name of a type of rows',
      {
        contentTypes: { input: ['text/csv'], output: [] },
        inputs: { 'application/csv': { description: 'x', decode } },
      },
      'inputs["application/csv"]: the type is in contentTypes too',
    ],
  ])('for %s', (_, changes, problem) => {
    expect(() => describeAlgorithm({ ...algorithm, ...changes })).toThrow(problem);
  });
});
