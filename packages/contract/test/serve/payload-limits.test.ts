import { describe, expect, it } from 'vitest';
import { executionParameters, maxBodyBytes } from '../../src/serve/payload-limits.js';

const MEBIBYTE = 1024 * 1024;

describe('the largest body', () => {
  it.each([
    ['of a real-time call is 25 MiB', { isBatch: false, maxPayloadMb: undefined }, undefined, 25],
    ["of a real-time call is the algorithm's own", { isBatch: false, maxPayloadMb: undefined }, 6 * MEBIBYTE, 6],
    ['of a batch call is 100 MB', { isBatch: true, maxPayloadMb: undefined }, 6 * MEBIBYTE, 100],
    ['of a batch call is what the job says', { isBatch: true, maxPayloadMb: 8 }, undefined, 8],
    ['of a streamed file is what memory may hold', { isBatch: true, maxPayloadMb: 0 }, undefined, 256],
  ])('%s', (_, settings, own, expectedMebibytes) => {
    expect(maxBodyBytes(settings, own)).toBe(expectedMebibytes * MEBIBYTE);
  });
});

describe('execution parameters', () => {
  it.each([
    [1, undefined, { MaxConcurrentTransforms: 1, MaxPayloadInMB: 100 }],
    [3, undefined, { MaxConcurrentTransforms: 3, MaxPayloadInMB: 33 }],
    [96, undefined, { MaxConcurrentTransforms: 96, MaxPayloadInMB: 1 }],
    [192, undefined, { MaxConcurrentTransforms: 100, MaxPayloadInMB: 1 }],
    [8, 50, { MaxConcurrentTransforms: 2, MaxPayloadInMB: 50 }],
    [8, 6, { MaxConcurrentTransforms: 8, MaxPayloadInMB: 6 }],
    [4, 0, { MaxConcurrentTransforms: 4, MaxPayloadInMB: 0 }],
  ])('of %i processes and a payload of %s MB stay within 100 MB', (processes, maxPayloadMb, expected) => {
    const parameters = executionParameters({ isBatch: true, maxPayloadMb }, processes);

    expect(parameters).toEqual({ ...expected, BatchStrategy: 'MULTI_RECORD' });
    expect(parameters.MaxConcurrentTransforms * parameters.MaxPayloadInMB).toBeLessThanOrEqual(100);
  });
});
