import { describe, expect, it } from 'vitest';
import type { CheckItem } from '../../src/image/check-item.js';
import { checkConfig, checkManifest, checkSize } from '../../src/image/config-rules.js';

const LABELS = {
  'org.opencontainers.image.title': 'sum',
  'org.opencontainers.image.description': 'Adds numbers',
  'org.opencontainers.image.version': '1.2.3',
  'org.opencontainers.image.licenses': 'MIT',
};

function configOf(config: object, platform: object = {}) {
  const entrypoint = { Entrypoint: ['/usr/local/bin/node', '/main.js'], Labels: LABELS };
  return {
    architecture: 'amd64',
    os: 'linux',
    rootfs: { diff_ids: [] },
    ...platform,
    config: { ...entrypoint, ...config },
  };
}

function resultsOf(items: readonly CheckItem[]): Record<string, string> {
  return Object.fromEntries(items.map(({ name, result }) => [name, result]));
}

const GOOD = { platform: 'passed', entrypoint: 'passed', user: 'passed', labels: 'passed' };
const CAPABILITY = 'com.amazonaws.sagemaker.capabilities';

describe('the configuration of an image', () => {
  it.each([
    ['as it should be', {}, {}, GOOD],
    ['for another processor', {}, { architecture: 'arm64' }, { ...GOOD, platform: 'failed' }],
    ['with a shell as entrypoint', { Entrypoint: ['/bin/sh', '-c', 'x'] }, {}, { ...GOOD, entrypoint: 'failed' }],
    ['with tini as entrypoint', { Entrypoint: ['/usr/bin/tini', '--', 'x'] }, {}, { ...GOOD, entrypoint: 'failed' }],
    ['without an entrypoint', { Entrypoint: null }, {}, { ...GOOD, entrypoint: 'warning' }],
    ['of a user who is not root', { User: '1000' }, {}, { ...GOOD, user: 'failed' }],
    ['without labels', { Labels: null }, {}, { ...GOOD, labels: 'failed' }],
    [
      'with a version that is not the algorithm’s',
      { Labels: { ...LABELS, 'org.opencontainers.image.version': '1.2.2' } },
      {},
      { ...GOOD, labels: 'failed' },
    ],
    [
      'with a capability that is none',
      { Labels: { ...LABELS, [`${CAPABILITY}.fly`]: 'true' } },
      {},
      { ...GOOD, labels: 'failed' },
    ],
  ])('is checked: %s', (_, config, platform, expected) => {
    expect(resultsOf(checkConfig(configOf(config, platform), '1.2.3'))).toEqual(expected);
  });
});

it.each<[string, string | undefined, Readonly<Record<string, boolean>>, string, RegExp]>([
  ['that the definition has', 'true', { 'bidirectional-streaming': true }, 'passed', /capabilities: bidirectional-s/],
  ['that it does not have', 'true', { 'bidirectional-streaming': false }, 'failed', /streaming must not be set/],
  [
    'without a label, that it has',
    undefined,
    { 'bidirectional-streaming': true },
    'failed',
    /must be "true", as the de/,
  ],
  ['labelled false, that it has', 'false', { 'bidirectional-streaming': true }, 'failed', /must be "true", as the de/],
  ['of which nothing is known', 'true', {}, 'passed', /capabilities: bidirectional-streaming/],
])('a capability %s, labelled %s: %o is %s', (_, label, declared, result, text) => {
  const Labels = { ...LABELS, ...(label !== undefined && { [`${CAPABILITY}.bidirectional-streaming`]: label }) };
  const found = checkConfig(configOf({ Labels }), '1.2.3', declared).find(({ name }) => name === 'labels');

  expect(found).toEqual({ name: 'labels', result, text: expect.stringMatching(text) });
});

it.each([
  ['application/vnd.docker.distribution.manifest.v2+json', 'passed'],
  ['application/vnd.oci.image.manifest.v1+json', 'warning'],
  ['application/vnd.oci.image.index.v1+json', 'failed'],
  ['application/vnd.docker.distribution.manifest.list.v2+json', 'failed'],
])('a manifest of type %s has the result %s', (type, result) => {
  expect(checkManifest(type).result).toBe(result);
});

it('the size is reported per layer, and a layer above the limit of ECR fails', () => {
  expect(checkSize([6_460_000, 47_600_000])).toMatchObject({
    result: 'passed',
    text: '54.1 MB compressed in 2 layers: 6.5, 47.6',
  });
  expect(checkSize([60e9]).result).toBe('failed');
});
