import { describe, expect, it } from 'vitest';
import {
  callTimeoutMs,
  checkRealTimePayload,
  executionParameters,
  maxBodyBytes,
} from '../../src/serve/payload-limits.js';

const MEBIBYTE = 1024 * 1024;

describe('the maximum body size', () => {
  it.each([
    ['of a real-time call is 25 MiB', { isBatch: false, maxPayloadMb: undefined }, undefined, 25],
    ["of a real-time call is the algorithm's own", { isBatch: false, maxPayloadMb: undefined }, 6 * MEBIBYTE, 6],
    [
      'of a call to an asynchronous endpoint is what the operator says',
      { isBatch: false, realTimePayloadMb: 1024 },
      6 * MEBIBYTE,
      1024,
    ],
    ['of a batch call is 100 MB', { isBatch: true, maxPayloadMb: undefined }, 6 * MEBIBYTE, 100],
    ['of a batch call is what the job says', { isBatch: true, maxPayloadMb: 8, realTimePayloadMb: 1024 }, undefined, 8],
    ['of a streamed file is what memory may hold', { isBatch: true, maxPayloadMb: 0 }, undefined, 256],
  ])('%s', (_, settings, own, expectedMebibytes) => {
    expect(maxBodyBytes(settings, own)).toBe(expectedMebibytes * MEBIBYTE);
  });
});

it('a body limit that the memory of the container does not hold is refused', () => {
  const check = (realTimePayloadMb: number | undefined) => () =>
    checkRealTimePayload({ realTimePayloadMb }, 1024 * MEBIBYTE);

  expect(check(256)).not.toThrow();
  expect(check(undefined)).not.toThrow();
  expect(check(257)).toThrow(
    'Variable ALGO_MAX_PAYLOAD_IN_MB must be at most 256, a quarter of the container\'s memory; received "257".',
  );
});

describe('the time limit of a prediction', () => {
  it.each([
    ['of a real-time call is 60 s', { isBatch: false, timeoutSeconds: undefined }, 60],
    ['of a batch call is the longest that a job may give it', { isBatch: true, timeoutSeconds: undefined }, 3600],
    ['is what the variable says', { isBatch: false, timeoutSeconds: 300 }, 300],
  ])('%s', (_, settings, seconds) => {
    expect(callTimeoutMs(settings)).toBe(seconds * 1000);
  });
});

describe('execution parameters', () => {
  it.each([
    [1, undefined, undefined, 1, 6],
    [4, undefined, undefined, 4, 6],
    [7, undefined, undefined, 7, 6],
    [24, undefined, undefined, 24, 4],
    [96, undefined, undefined, 96, 1],
    [192, undefined, undefined, 100, 1],
    [8, 50, undefined, 2, 50],
    [8, 6, undefined, 8, 6],
    [4, 0, undefined, 4, 0],
    [2, undefined, 20, 20, 5],
    [2, undefined, 0, 2, 6],
    [2, 10, 4, 4, 10],
  ])(
    'for %i processes in a job with payload %s and concurrency %s are %i calls of %i MB',
    (processes, maxPayloadMb, maxConcurrentTransforms, calls, megabytes) => {
      const parameters = executionParameters({ maxPayloadMb, maxConcurrentTransforms }, processes, 'MULTI_RECORD');

      expect(parameters).toEqual({
        MaxConcurrentTransforms: calls,
        MaxPayloadInMB: megabytes,
        BatchStrategy: 'MULTI_RECORD',
      });
      expect(calls * megabytes).toBeLessThanOrEqual(100);
    },
  );
});
