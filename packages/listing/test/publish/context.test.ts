/** What publishing finds out before its first step. */
import { expect, it, onTestFinished, vi } from 'vitest';
import { isOnThisMachine, openContext } from '../../src/publish/context.js';
import { openAccount } from '../support/account.js';

it('looks twice a second at the jobs of an API that AWS_ENDPOINT_URL names on this machine', async () => {
  const account = await openAccount();
  const { lookMs: _, clients, ...request } = account.request();
  vi.stubEnv('AWS_ENDPOINT_URL', account.url);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { endpoint: __, ...withoutEndpoint } = clients!;

  const context = await openContext({ ...request, clients: withoutEndpoint });

  expect(context.lookMs).toBe(500);
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
