/**
 * Files that are not alike, each on a host of its own: the hosts do with them what one host does that has both. They read the same
 * rows, or refuse them in the same words, which name the hosts besides.
 */
import { afterEach, expect, it } from 'vitest';
import { type HostResult, type HostsJob, useHosts } from '../../../src/testing/hosts.js';
import { bundledProgram } from '../../bundled-program.js';
import { fixture } from '../../contract/program.js';
import { type Content, UNLIKE_SHARDS } from './unlike-shards.js';

const PROGRAM = bundledProgram(fixture('rows.ts'));
const { train } = useHosts({ afterEach });
const SHARDED = { S3DistributionType: 'ShardedByS3Key' } as const;

function jobOf(contentType: string, name: string, hosts: readonly Record<string, Content>[]): HostsJob {
  return {
    program: PROGRAM,
    hosts: hosts.map((files) => ({ channels: { train: files } })),
    hyperparameters: name.includes('weight') ? { csv_weights: '1' } : {},
    inputDataConfig: { train: { ...SHARDED, ContentType: contentType } },
  };
}

/** The model, or why there is none. */
function outcomeOf([leader]: readonly HostResult[]): string {
  return String(leader!.failure?.replace(/^ClientError: /, '') ?? leader!.model.get('model.json'));
}

const HOST = /127\.0\.0\.\d/g;
/** Its words without hosts. */
const withoutHosts = (text: string) =>
  text.replace(/^Host 127\.0\.0\.\d failed: /, '').replaceAll(/ of host 127\.0\.0\.\d/g, '');

it.each(UNLIKE_SHARDS)('$name in $contentType', async ({ name, contentType, a, b, refusal }) => {
  const one = await train(jobOf(contentType, name, [{ a, b }]));
  const several = await train(jobOf(contentType, name, [{ a }, { b }]));

  expect(several.map(({ exitCode }) => exitCode)).toEqual(refusal === undefined ? [0, 0] : [1, 1]);
  expect(one[0]!.exitCode).toBe(refusal === undefined ? 0 : 1);
  if (refusal === undefined) {
    expect(outcomeOf(several)).toBe(outcomeOf(one));
    return;
  }
  const words = typeof refusal === 'string' ? { one: refusal, several: refusal } : refusal;
  expect(several[1]!.failure).toBe(several[0]!.failure);
  expect(outcomeOf(one).startsWith(words.one), outcomeOf(one)).toBe(true);
  expect(withoutHosts(outcomeOf(several)).startsWith(words.several), outcomeOf(several)).toBe(true);
  // Both, where a cell of each is named.
  const named = new Set(outcomeOf(several).match(HOST));
  expect([...named].sort()).toEqual(words.several.includes('train/a') ? ['127.0.0.1', '127.0.0.2'] : ['127.0.0.2']);
});
