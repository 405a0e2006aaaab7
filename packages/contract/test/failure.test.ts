import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AlgorithmError, asContractError, ClientError, PlatformError } from '../src/errors.js';
import { failureText } from '../src/failure.js';

it('the failure text starts with cause and message, and has no stack for a ClientError', () => {
  const text = failureText(new ClientError('E_CHANNEL', 'Channel "train" has no files.'));

  expect(text).toBe('ClientError: Channel "train" has no files.');
});

it('the failure text names whose error it is: the caller’s, the platform’s or the algorithm’s', () => {
  const errors = [
    new ClientError('E_CHANNEL', 'a'),
    new PlatformError('E_ENVIRONMENT', 'b'),
    new AlgorithmError('E_ALGORITHM', 'c'),
  ];

  expect(errors.map((error) => failureText(error).split('\n')[0])).toEqual([
    'ClientError: a',
    'PlatformError: b',
    'AlgorithmError: c',
  ]);
});

it('the failure text of an unexpected error starts with AlgorithmError and includes the stack', () => {
  const text = failureText(asContractError(new TypeError('x is not a function')));

  expect(text).toMatch(/^AlgorithmError: TypeError: x is not a function\n {4}at /);
  expect(text).toContain('failure.test.ts');
});

it('the failure text never exceeds 1024 characters or splits one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 1200, minLength: 900 }), (message) => {
      const error = new AlgorithmError('E_ALGORITHM', message);
      const text = failureText(error);

      expect(text.length).toBeLessThanOrEqual(1024);
      expect(text.isWellFormed()).toBe(true);
      expect(`AlgorithmError: ${error.message}`.startsWith(text.slice(0, 900))).toBe(true);
    }),
    { seed: 3 },
  );
});
