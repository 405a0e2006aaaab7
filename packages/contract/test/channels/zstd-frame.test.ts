/** Frames of Zstandard found by their structure, and held to the size that they say. */
import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZstdFrame } from '../../src/channels/zstd-frame.js';

const SKIPPABLE = Buffer.concat([Buffer.from([0x5a, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('notes')]);

/** Where the frame ends if its bytes come in pieces of this size. */
function endOf(frame: ZstdFrame, bytes: Uint8Array, size: number): number | undefined {
  for (let at = 0; at < bytes.length; at += size) {
    const end = frame.endIn(bytes.subarray(at, at + size));
    if (end !== undefined) return at + end;
  }
  return undefined;
}

describe('a frame of Zstandard', () => {
  const sizes = [0, 1, 255, 256, 65_791, 65_792, 700_000];
  const flags = [0, 1];
  const cases = sizes.flatMap((bytes) =>
    flags.flatMap((hasSize) => flags.map((hasChecksum) => [bytes, hasSize, hasChecksum] as const)),
  );

  it.each(cases)('of %i bytes ends where the packer ended it: size %i, checksum %i', (bytes, hasSize, hasChecksum) => {
    const content = Buffer.from(Array.from({ length: bytes }, (_, i) => (i < 100_000 ? (i * i) >> 3 : 0)));
    const params = {
      [constants.ZSTD_c_contentSizeFlag]: hasSize,
      [constants.ZSTD_c_checksumFlag]: hasChecksum,
    };
    const packed = zstdCompressSync(content, { params });
    const all = Buffer.concat([packed, packed]);

    for (const size of [bytes < 1000 ? 1 : 997, 4096, all.length]) {
      const frame = new ZstdFrame();
      expect(endOf(frame, all, size)).toBe(packed.length);
      expect(frame.contentBytes).toBe(hasSize ? bytes : undefined);
    }
  });

  it('without data ends as it says', () => {
    for (const size of [1, 5, 4096]) {
      const frame = new ZstdFrame();
      expect(endOf(frame, Buffer.concat([SKIPPABLE, SKIPPABLE]), size)).toBe(SKIPPABLE.length);
      expect(frame.contentBytes).toBeUndefined();
    }
  });

  it('has no end in bytes that are cut, or no frame', () => {
    const packed = zstdCompressSync('1,2\n'.repeat(100));

    for (let length = 0; length < packed.length; length++) {
      expect(new ZstdFrame().endIn(packed.subarray(0, length))).toBeUndefined();
    }
    expect(new ZstdFrame().endIn(Buffer.from('1,2\n3,4\n'))).toBeUndefined();
  });

  it('may say a size of up to eight bytes, behind the identity of a dictionary', () => {
    const frame = new ZstdFrame();

    // A size of eight bytes, and a dictionary of two; a window of its own.
    expect(frame.endIn(Buffer.from('28b52ffdc25811220102030405000000010000', 'hex'))).toBe(19);
    expect(frame.contentBytes).toBe(0x0504030201);
  });
});
