/** What publishing finds out before its first step. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { elsewhereOf, isOnThisMachine, openContext } from '../../src/publish/context.js';
import { latencyText } from '../../src/publish/trial/trial.js';
import { openAccount } from '../support/account.js';

it('looks twice a second at the jobs of an API that AWS_ENDPOINT_URL names on this machine', async () => {
  const account = await openAccount();
  const { lookMs: _, clients, ...request } = account.request();
  vi.stubEnv('AWS_ENDPOINT_URL', account.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { endpoint: __, ...withoutEndpoint } = clients!;

  const context = await openContext({ ...request, clients: withoutEndpoint });

  expect(context).toMatchObject({ lookMs: 500, elsewhere: 'on this machine' });
});

it.each([
  ['sts.us-east-1.amazonaws.com', '123456789012', undefined],
  ['sts.cn-north-1.amazonaws.com.cn', '123456789012', undefined],
  ['sts.us-east-1.api.aws', '123456789012', undefined],
  ['127.0.0.1', '123456789012', 'on this machine'],
  ['api.test', '000000000000', 'on this machine'],
  ['api.test', '123456789012', 'at api.test'],
  ['notamazonaws.com', '123456789012', 'at notamazonaws.com'],
])('jobs of %s in the account %s run, if not on AWS: %s', (host, account, elsewhere) => {
  expect(elsewhereOf(host, account)).toBe(elsewhere);
});

it('says of a latency that was not measured on AWS where it was', () => {
  const latency = { p50Ms: 1, p90Ms: 1, p99Ms: 2, requestsPerSecond: 3, requests: 4, concurrency: 8 };

  const texts = [undefined, 'on this machine'].map((elsewhere) => latencyText('ml.m5.large', latency, elsewhere));

  const numbers = '1 ms median, 2 ms p99, 3 requests/s with 8 at a time';
  expect(texts).toEqual([`${numbers}, on ml.m5.large`, `${numbers}, on this machine, not on ml.m5.large`]);
});

it.each(['localhost', 'api.localhost', '127.0.0.1', '127.1.2.3', '[::1]', '::1'])('%s is this machine', (host) => {
  expect(isOnThisMachine(host)).toBe(true);
});

it.each(['sts.us-east-1.amazonaws.com', 'localhost.example.org', '127.0.0.1.example.org', '10.0.0.1', ''])(
  '"%s" is not this machine',
  (host) => {
    expect(isOnThisMachine(host)).toBe(false);
  },
);
