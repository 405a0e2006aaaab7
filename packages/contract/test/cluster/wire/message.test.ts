import { expect, it } from 'vitest';
import { failureMessage, lineOf, readMessage, reportedFailure } from '../../../src/cluster/wire/message.js';
import { ClientError, PlatformError } from '../../../src/errors.js';

it('a failure is reported with its cause, and names the host that has it', () => {
  const error = new ClientError('E_DATA_NUMBER', 'train/a.csv line 3: "x" must be a number.');

  const message = readMessage(lineOf(failureMessage(error)));

  const failure = reportedFailure('algo-2', message as never);
  expect([failure.name, failure.code]).toEqual(['ClientError', 'E_DATA_NUMBER']);
  expect(failure.message).toBe('Host algo-2 failed: train/a.csv line 3: "x" must be a number.');
});

it('a failure is cut to what its file may have, so that its line is never too long', () => {
  const message = failureMessage(new ClientError('E_CHANNEL', 'a'.repeat(100_000)));

  expect(lineOf(message).length).toBeLessThan(2_000);
  expect(reportedFailure('algo-2', message as never).message).toMatch(/^Host algo-2 failed: a+…$/);
});

it('a host that was lost is named, whoever reports it', () => {
  const message = failureMessage(new PlatformError('E_HOST', 'The host algo-3 was lost: no sign of life for 30 s.'));

  expect(reportedFailure('algo-2', message as never).message).toBe(
    'The host algo-3 was lost: no sign of life for 30 s.',
  );
});

it.each([
  'GET / HTTP/1.1',
  '{}',
  'null',
  '{"kind":"toString"}',
  '{"kind":"hello","host":"algo-1"}',
  '{"kind":"stop","name":"SIGKILL"}',
  '{"kind":"failed","cause":"Error","code":"E_HOST","text":"a"}',
  '{"kind":"failed","cause":"ClientError","code":"E_CHANNEL","text":"a","host":2}',
])('what no host sends is none: %s', (line) => {
  expect(readMessage(line)).toBeUndefined();
});
