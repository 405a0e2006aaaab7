/** What `describe` refuses. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Algorithm } from '../../src/algorithm.js';
import { tunable } from '../../src/hyperparameters/fields.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { algorithm } from './described-algorithm.js';

describe('a definition that CreateAlgorithm would refuse', () => {
  const channel = { description: 'Rows.', contentTypes: ['text/csv'] } as const;
  const described = <S extends z.ZodType>(field: S) => field.meta({ description: 'A.' });
  it.each<[string, Partial<Algorithm>, string]>([
    ['an underscore in the name', { name: 'a_b' }, 'received "a_b"'],
    ['a version that is not semantic', { version: '1' }, 'received "1"'],
    ['too long a description', { description: 'x'.repeat(1025) }, 'it has 1025'],
    ['nine channels', { channels: Object.fromEntries([...'abcdefghi'].map((name) => [name, channel])) }, 'there are 9'],
    ['a blank in a metric name', { metrics: { 'a b': { goal: 'minimize', description: '' } } }, '"a b" must not'],
    [
      'a hyperparameter without description',
      { hyperparameters: z.object({ a: z.int() }) },
      '"a" must have a description',
    ],
    [
      'a tunable hyperparameter without bounds',
      { hyperparameters: z.object({ a: z.int().meta({ description: 'A.', tunable: true }) }) },
      '"a" is tunable, so it must have both bounds',
    ],
    ...(
      [
        [1, 10, undefined],
        [-1, 5, undefined],
        [5, 5, undefined],
        [0, 5, 'Logarithmic'],
      ] as const
    ).map(([from, to, scale]): [string, Partial<Algorithm>, string] => [
      `a search from ${from} to ${to} of a value in [0, 9]`,
      { hyperparameters: z.object({ a: tunable(z.int().min(0).max(9), 'A.', { from, to, ...(scale && { scale }) }) }) },
      `"a" must be tuned within its bounds, from less to more, and above 0 on a logarithmic scale; received ${from} to ${to}.`,
    ]),
    ['an alias of nothing', { hyperparameterAliases: { x: 'y' } }, 'Alias "x" means "y", which is not declared'],
    [
      'an alias that is a hyperparameter',
      { hyperparameterAliases: { rate: 'rounds' } },
      'Alias "rate" is the name of another hyperparameter',
    ],
    [
      'a content type that is none',
      { contentTypes: { input: ['csv' as 'text/csv'], output: ['text/csv'] } },
      'contentTypes.input: "csv" is not a media type',
    ],
    [
      'a content type of requests that the SDK does not read',
      { contentTypes: { input: ['image/png' as 'text/csv'], output: ['text/csv'] } },
      'contentTypes.input: the SDK has application/json, application/jsonlines, text/csv',
    ],
    [
      'a content type of answers that the SDK does not write',
      { contentTypes: { input: ['text/csv'], output: ['text/libsvm' as 'text/csv'] } },
      'application/x-npy; received "text/libsvm"',
    ],
    [
      'a content type that is declared twice',
      { contentTypes: { input: ['text/csv', 'text/csv; label_size=1'], output: ['text/csv'] } },
      '"text/csv" must be declared once',
    ],
    [
      'a channel of rows in a format that the SDK does not read',
      { channels: { train: { ...channel, contentTypes: ['image/png' as 'text/csv'] } } },
      'application/x-npy; received "image/png"',
    ],
    ['no channel for its training', { channels: {} }, 'There must be 1 to 8 channels; there are 0'],
    ['an empty description', { description: '' }, 'it has 0'],
    [
      'a default beyond the bounds of its hyperparameter',
      { hyperparameters: z.object({ a: described(z.int().min(1).max(100).default(500)) }) },
      'Hyperparameter "a": the default must be an integer in [1, 100]; received 500.',
    ],
    [
      'a default that breaks a rule of the author',
      { hyperparameters: z.object({ a: described(z.int().refine((value) => value % 2 === 0)).default(3) }) },
      'Hyperparameter "a": the default must be an integer; received 3.',
    ],
    [
      'a default below the bounds within an optional hyperparameter',
      { hyperparameters: z.object({ a: described(z.number().gt(0).default(0).optional()) }) },
      'Hyperparameter "a": the default must be a number > 0; received 0.',
    ],
    [
      'an unknown key of a hyperparameter',
      { hyperparameters: z.object({ a: z.int().meta({ description: 'A.', tuneable: true }) }) },
      'Hyperparameter "a": unknown key "tuneable" in .meta(); did you mean "tunable"?',
    ],
    [
      'an unknown key of a hyperparameter before its default',
      { hyperparameters: z.object({ a: described(z.int().meta({ scale: 'log' }).default(1)) }) },
      'Hyperparameter "a": unknown key "scale" in .meta(); known are description, tunable',
    ],
    ...([0, 4.5, Number.NaN] as const).map((maxRows): [string, Partial<Algorithm>, string] => [
      `batches of ${maxRows} rows`,
      { batching: { maxRows } },
      `batching: maxRows must be an integer ≥ 1; received ${maxRows}.`,
    ]),
    ...([-5, 1e12] as const).map((maxDelayMs): [string, Partial<Algorithm>, string] => [
      `batches that wait ${maxDelayMs} ms`,
      { batching: { maxRows: 4, maxDelayMs } },
      `batching: maxDelayMs must be a number in [0, 10000]; received ${maxDelayMs}.`,
    ]),
    [
      'an unknown key of batching',
      { batching: { maxRows: 4, maxDelay: 5 } as object as { maxRows: number } },
      'batching: unknown key "maxDelay"; did you mean "maxDelayMs"?',
    ],
    [
      'a goal that is none',
      { metrics: { a: { goal: 'max' as 'maximize', description: 'A.' } } },
      'metrics["a"].goal must be "minimize" or "maximize"; received "max".',
    ],
    [
      'a value policy that is none',
      { values: { missingValues: 'refuse', infiniteValues: 'refuse', text: 'acept' as 'accept' } },
      'values.text must be "refuse" or "accept"; received "acept".',
    ],
    ['a precision that is none', { precision: 'float16' as 'float32' }, 'precision must be "float32" or "float64"'],
    [
      'an unknown key of a channel',
      { channels: { train: { ...channel, inputMode: ['File'] } as object as typeof channel } },
      'channels["train"]: unknown key "inputMode"; did you mean "inputModes"?',
    ],
    [
      'an input mode that is none',
      { channels: { train: { ...channel, inputModes: ['FastFile' as 'File'] } } },
      'channels["train"].inputModes must be "File" or "Pipe"; received "FastFile".',
    ],
    [
      'an unknown key of an output',
      { outputs: { score: { description: 'Score.', optinal: true } as object as { description: string } } },
      'outputs["score"]: unknown key "optinal"; did you mean "optional"?',
    ],
    ['a largest payload of no bytes', { maxPayloadBytes: 0 }, 'maxPayloadBytes must be an integer ≥ 1; received 0.'],
  ])('is refused for %s', (_, change, message) => {
    expect(() => describeAlgorithm({ ...algorithm, hyperparameterAliases: {}, ...change })).toThrow(message);
  });

  it('is refused for parts of a training that it does not have', () => {
    const { train: _, ...rest } = algorithm;

    expect(() => describeAlgorithm(rest)).toThrow(
      'Without train there must be no channels: nothing would use them. Without train there must be no metrics: nothing would use them. Without train there must be no hyperparameters',
    );
  });
});
