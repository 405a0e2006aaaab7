/** Gzip files as packers and appending tools leave them: every member's bytes, or an error that says where. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openInput } from '../src/files/file-tree.js';
import { makeFolder, writeFiles } from './scene.js';

const NUL = (count: number) => Buffer.alloc(count);
const FIRST = gzipSync('1\n2\n');
const SECOND = gzipSync('3\n');
/** More than one read, of bytes that do not pack. */
const LONG = Buffer.from(Array.from({ length: 700_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) & 255));

async function unpacked(...parts: readonly Buffer[]): Promise<Buffer> {
  const folder = makeFolder();
  const content = Buffer.concat(parts);
  writeFiles(folder, { 'a.gz': content });
  const chunks: Buffer[] = [];
  for await (const chunk of openInput(join(folder, 'a.gz'), true)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('a gzip file', () => {
  it.each([
    ['of one member', [FIRST], '1\n2\n'],
    ['of two', [FIRST, SECOND], '1\n2\n3\n'],
    ['of two with padding between them', [FIRST, NUL(512), SECOND], '1\n2\n3\n'],
    ['of two with more padding than one read', [FIRST, NUL(600_000), SECOND], '1\n2\n3\n'],
    ['of two with padding behind each', [FIRST, NUL(1), SECOND, NUL(9)], '1\n2\n3\n'],
    ['of an empty member, padding and another', [gzipSync(''), NUL(7), SECOND], '3\n'],
  ])('%s unpacks completely', async (_, parts, text) => {
    expect((await unpacked(...parts)).toString()).toBe(text);
  });

  it('unpacks members longer than one read around padding that ends anywhere', async () => {
    for (const padding of [1, 4095, 262_144]) {
      const bytes = await unpacked(gzipSync(LONG), NUL(padding), gzipSync(LONG), SECOND);

      expect(bytes.equals(Buffer.concat([LONG, LONG, Buffer.from('3\n')]))).toBe(true);
    }
  });

  it('is refused, naming the byte, if other data follows', async () => {
    const at = FIRST.length + 3;

    await expect(unpacked(FIRST, NUL(3), Buffer.from('3\n'))).rejects.toThrow(
      `after its gzip data, from byte ${at}, only more gzip data or NUL bytes may follow; received other bytes`,
    );
  });

  it.each([
    ['cut in its first member', [FIRST.subarray(0, -5)], 'unexpected end of file'],
    ['cut in a member behind padding', [FIRST, NUL(4), SECOND.subarray(0, -5)], 'unexpected end of file'],
    ['that is empty', [], 'unexpected end of file'],
    ['that is none', [Buffer.from('1,2\n')], 'incorrect header check'],
  ])('that is %s is refused', async (_, parts, reason) => {
    await expect(unpacked(...parts)).rejects.toThrow(reason);
  });

  it('that does not exist is refused', async () => {
    const reading = async () => {
      for await (const _ of openInput('/nowhere/a.gz', true));
    };

    await expect(reading()).rejects.toThrow('ENOENT');
  });
});
