import { describe, expect, it } from 'vitest';
import { coversAws, isWithoutProxy, noProxyEntries } from '../../src/proxy/no-proxy.js';

describe('NO_PROXY', () => {
  it('is read in both cases, with commas or spaces, each entry once', () => {
    expect(noProxyEntries({ NO_PROXY: 'a.example, b.example', no_proxy: 'c.example b.example' })).toEqual([
      'c.example',
      'b.example',
      'a.example',
    ]);
    expect(noProxyEntries({})).toEqual([]);
  });

  it.each([
    ['*', 'any.example', 443],
    ['Corp.example', 'corp.example', 443],
    ['corp.example', 'git.corp.example', 443],
    ['.corp.example', 'git.corp.example', 443],
    ['*.corp.example', 'a.git.corp.example', 443],
    ['corp.example:443', 'corp.example', 443],
    ['192.0.2.7', '192.0.2.7', 80],
    ['192.0.2.0/24', '192.0.2.255', 443],
    ['2001:db8::1', '2001:db8::1', 443],
    ['[2001:db8::1]:443', '2001:db8::1', 443],
    ['2001:db8::/32', '2001:db8:1::9', 443],
  ])('%s has %s, port %d', (entry, host, port) => {
    expect(isWithoutProxy(['other.example', entry], host, port)).toBe(true);
  });

  it.each([
    ['corp.example', 'notcorp.example', 443],
    ['git.corp.example', 'corp.example', 443],
    ['corp.example:8443', 'corp.example', 443],
    ['192.0.2.0/24', '192.0.3.1', 443],
    ['192.0.2.0/99', '192.0.2.1', 443],
    ['2.7', '192.0.2.7', 443],
    ['192.0.2.0/24', 'corp.example', 443],
  ])('%s does not have %s, port %d', (entry, host, port) => {
    expect(isWithoutProxy([entry], host, port)).toBe(false);
  });

  it('has names of AWS by an entry for one, for all of them or for all of their domain', () => {
    const entries = ['*', '.amazonaws.com', 's3.us-east-1.amazonaws.com:443', '*.api.aws', 'com', 'cn'];

    expect(entries.filter((entry) => !coversAws(entry))).toEqual([]);
    expect(['corp.example', 'notamazonaws.com', '10.0.0.0/8', '::1'].filter(coversAws)).toEqual([]);
  });
});
