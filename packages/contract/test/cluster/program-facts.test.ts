import { expect, it } from 'vitest';
import { oneHost } from '../../src/cluster/one-host.js';
import { differenceOf, programFacts } from '../../src/cluster/program-facts.js';
import type { ChannelConfig, Environment } from '../../src/environment.js';

const TEST = { name: 'test', version: '1.0.0' };
const HOSTS = ['algo-1', 'algo-2'] as const;
const CHANNEL: ChannelConfig = {
  ContentType: 'text/csv',
  TrainingInputMode: 'File',
  S3DistributionType: 'ShardedByS3Key',
  RecordWrapperType: 'None',
  CompressionType: 'None',
};

type Configuration = Parameters<typeof programFacts>[2];

const CONFIGURATION: Configuration = {
  resourceConfig: { ...oneHost(), hosts: HOSTS },
  inputDataConfig: { train: CHANNEL },
  checkpointPath: undefined,
};

/** The difference between two hosts, of which the second has another configuration. */
function differenceWith(other: Partial<Pick<Environment, keyof Configuration>>) {
  const facts = [CONFIGURATION, { ...CONFIGURATION, ...other }].map((own) => programFacts(TEST, {}, own));
  return differenceOf([HOSTS[0], facts[0]!], [HOSTS[1], facts[1]!]);
}

/** The difference between two hosts with these hyperparameters. */
function difference(first: Record<string, string>, second: Record<string, string>) {
  const facts = [first, second].map((values) => programFacts(TEST, values, CONFIGURATION));
  return differenceOf([HOSTS[0], facts[0]!], [HOSTS[1], facts[1]!]);
}

it('programs with the same hyperparameters do not differ, in whatever order these are', () => {
  expect(difference({ a: '1', b: '2' }, { b: '2', a: '1' })).toBeUndefined();
});

it('the first hyperparameter that differs is named, with both values and hosts', () => {
  expect(difference({ a: '1', b: '2' }, { a: '1', b: '3' })).toBe(
    'The hosts of a job must have the same hyperparameters: "b" is "2" on algo-1, and "3" on algo-2.',
  );
});

it.each([
  [{ a: '1' }, {}, '"a" is "1" on algo-1, and not set on algo-2.'],
  [{}, { a: '1' }, '"a" is not set on algo-1, and "1" on algo-2.'],
])('one that a host does not have is named, too', (first, second, text) => {
  expect(difference(first, second)).toContain(text);
});

it('long values that differ at their end do, and are short in messages', () => {
  const long = 'x'.repeat(1_000_000);

  expect(difference({ a: long }, { a: long })).toBeUndefined();
  const text = difference({ a: `${long}1` }, { a: `${long}2` })!;
  expect(text).toMatch(/"x{50}… \(1000001 characters, SHA-256 [0-9a-f]{16}\)" on algo-1/);
  expect(text.length).toBeLessThan(400);
});

it('another version is named before hyperparameters', () => {
  const [first, second] = [
    programFacts(TEST, { a: '1' }, CONFIGURATION),
    programFacts({ ...TEST, version: '1.1.0' }, {}, CONFIGURATION),
  ];

  expect(differenceOf([HOSTS[0], first], [HOSTS[1], second])).toBe(
    'The hosts of a job must run the same program: it is test 1.0.0 on algo-1, and test 1.1.0 on algo-2.',
  );
});

it.each<[string, Partial<Configuration>]>([
  [
    'hosts in resourceconfig.json is "algo-1, algo-2" on algo-1, and "algo-2, algo-1" on algo-2.',
    { resourceConfig: { ...oneHost(), hosts: [...HOSTS].reverse() } },
  ],
  ['CheckpointConfig is "not set" on algo-1, and "set" on algo-2.', { checkpointPath: '/opt/ml/checkpoints' }],
  [
    'ContentType of channel "train" is "text/csv" on algo-1, and "text/csv;label_size=2" on algo-2.',
    { inputDataConfig: { train: { ...CHANNEL, ContentType: 'text/csv;label_size=2' } } },
  ],
  [
    'S3DistributionType of channel "train" is "ShardedByS3Key" on algo-1, and "FullyReplicated" on algo-2.',
    { inputDataConfig: { train: { ...CHANNEL, S3DistributionType: undefined } } },
  ],
])('a configuration that differs is named: %s', (text, other) => {
  expect(differenceWith(other)).toBe(`The hosts of a job must have the same configuration: ${text}`);
});

it('a channel may be on one of them only, and come in another mode', () => {
  expect(differenceWith({ inputDataConfig: { validation: CHANNEL } })).toBeUndefined();
  expect(differenceWith({ inputDataConfig: { train: { ...CHANNEL, TrainingInputMode: 'Pipe' } } })).toBeUndefined();
});
