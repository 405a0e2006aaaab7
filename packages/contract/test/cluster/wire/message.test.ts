import { expect, it } from 'vitest';
import { failureMessage, lineOf, readMessage, reportedFailure } from '../../../src/cluster/wire/message.js';
import { ClientError, PlatformError } from '../../../src/errors.js';

const HOSTS = ['algo-1', 'algo-10', 'algo-2', 'algo-3'];

it('a failure is reported with its cause, and names the host that has it', () => {
  const error = new ClientError('E_DATA_NUMBER', 'train/a.csv line 3: "x" must be a number.');

  const message = readMessage(lineOf(failureMessage(error)));

  const failure = reportedFailure('algo-2', message as never, HOSTS);
  expect([failure.name, failure.code]).toEqual(['ClientError', 'E_DATA_NUMBER']);
  expect(failure.message).toBe('Host algo-2 failed: train/a.csv line 3: "x" must be a number.');
});

it('a failure is cut to what its file may have, so that its line is never too long', () => {
  const message = failureMessage(new ClientError('E_CHANNEL', 'a'.repeat(100_000)));

  expect(lineOf(message).length).toBeLessThan(2_000);
  expect(reportedFailure('algo-2', message as never, HOSTS).message).toMatch(/^Host algo-2 failed: a+…$/);
});

it.each([
  'train/a.csv line 3 of host algo-1: rows must have weights as in train/b.csv line 1 of host algo-3; received no weights.',
  'Host algo-2 failed: train/a.csv line 3: expected a number.',
])('a failure that says on which host it was is reported as it is: %s', (text) => {
  const message = failureMessage(new ClientError('E_DATA_COLUMNS', text));

  expect(reportedFailure('algo-2', message as never, HOSTS).message).toBe(text);
  expect(reportedFailure('algo-4', message as never, ['algo-4', 'algo-22']).message).toBe(
    `Host algo-4 failed: ${text}`,
  );
});

it('a failure that names no other host than one that it is compared with gets the name of its own', () => {
  const text =
    'train/b.csv line 1: the columns must have the names of train/a.csv of host algo-1, in any order: "y", "p".';
  const message = failureMessage(new ClientError('E_DATA_COLUMNS', text));

  expect(reportedFailure('algo-2', message as never, HOSTS).message).toBe(`Host algo-2 failed: ${text}`);
});

it('a host that was lost is named, whoever reports it', () => {
  const message = failureMessage(new PlatformError('E_HOST', 'The host algo-3 was lost: no sign of life for 30 s.'));

  expect(reportedFailure('algo-2', message as never, HOSTS).message).toBe(
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
  '{"kind":"ready"}',
  '{"kind":"ready","program":{"algorithm":"a 1","hyperparameters":{"b":1}}}',
  '{"kind":"halt"}',
  '{"kind":"rank","line":1}',
  '{"kind":"failed","cause":"Error","code":"E_HOST","text":"a"}',
  '{"kind":"failed","cause":"ClientError","code":"E_CHANNEL","text":"a","host":2}',
])('what no host sends is none: %s', (line) => {
  expect(readMessage(line)).toBeUndefined();
});
