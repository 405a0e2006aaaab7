/**
 * Images that are made to harm: their headers say how large they would be, and packed parts unpack to far more than their bytes.
 */
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chunk, PIXELS, png, pngHeader, read } from './image-files.js';
import { fixture } from './pictures.js';

/** 100 MB that take about 100 kB. */
const BOMB = deflateSync(Buffer.alloc(100_000_000), { level: 9 });

describe('an image made to take memory or time is refused by its header', () => {
  /** A stored image, changed from where its header has `marker`. */
  const changed = (name: string, marker: Buffer, change: (header: Buffer) => void) => {
    const bytes = Buffer.from(fixture(name));
    change(bytes.subarray(bytes.indexOf(marker)));
    return bytes;
  };
  const jpeg = (width: number, height: number) =>
    changed('colour.jpg', Buffer.from('ffc0', 'hex'), (frame) => {
      frame.writeUInt16BE(height, 5);
      frame.writeUInt16BE(width, 7);
    });
  const lossy = (width: number, height: number) =>
    changed('lossy.webp', Buffer.from('9d012a', 'hex'), (start) => {
      start.writeUInt16LE(width, 3);
      start.writeUInt16LE(height, 5);
    });
  const lossless = (width: number, height: number) =>
    changed('lossless.webp', Buffer.from('VP8L'), (chunkStart) => {
      chunkStart.writeUInt32LE((width - 1) | ((height - 1) << 14), 9);
    });

  it.each<[string, string, () => Buffer]>([
    ['a PNG of 50,000 × 50,000', 'x.png', () => png(pngHeader(50_000, 50_000), chunk('IDAT', BOMB))],
    ['a PNG of 4 billion in a row', 'x.png', () => png(pngHeader(2 ** 32 - 1, 1), chunk('IDAT', BOMB))],
    ['a JPEG of 65,535 × 65,535', 'x.jpg', () => jpeg(65_535, 65_535)],
    ['a lossy WebP of 16,383 × 16,383', 'x.webp', () => lossy(16_383, 16_383)],
    ['a lossless WebP of 16,384 × 16,384', 'x.webp', () => lossless(16_384, 16_384)],
  ])('%s', async (_, name, make) => {
    const bytes = make();
    const before = process.memoryUsage();

    await expect(read(name, bytes)).rejects.toThrow(/an image must have 1 to 16777216 pixels; this one is \d+ × \d+/);

    expect(grownSince(before)).toBeLessThan(16 * 2 ** 20);
  });

  it('also where its pixels unpack to more than the header says', async () => {
    const bytes = png(pngHeader(1, 2), chunk('IDAT', BOMB));
    const before = process.memoryUsage();

    await expect(read('x.png', bytes)).rejects.toThrow('the PNG has more pixels than its header says');

    expect(grownSince(before)).toBeLessThan(16 * 2 ** 20);
  });

  it('by its first header, after which there is none', async () => {
    const bytes = png(pngHeader(1, 2), pngHeader(60_000, 60_000, 16, 6), chunk('IDAT', PIXELS));

    await expect(read('x.png', bytes)).rejects.toThrow('a PNG must have one header; this one has a second');
  });

  it('at half the pixels where a sample takes two bytes', async () => {
    const bytes = png(pngHeader(4_096, 4_096, 16, 6), chunk('IDAT', PIXELS));

    await expect(read('x.png', bytes)).rejects.toThrow('an image must have 1 to 8388608 pixels');
  });

  it('but for packed text and colour profiles, which are never unpacked', async () => {
    const packed = Buffer.concat([Buffer.from('name\0\0', 'latin1'), BOMB]);
    const bytes = png(pngHeader(1, 2), chunk('zTXt', packed), chunk('iCCP', packed), chunk('IDAT', PIXELS));
    const before = process.memoryUsage();

    expect([...(await read('x.png', bytes)).rgb]).toEqual([10, 10, 10, 20, 20, 20]);

    expect(grownSince(before)).toBeLessThan(16 * 2 ** 20);
  });

  it('as a JPEG of more scans than any encoder makes', async () => {
    const bytes = fixture('progressive.jpg');
    const scan = bytes.subarray(bytes.indexOf(Buffer.from('ffda', 'hex')), -2);
    const many = Buffer.concat([bytes.subarray(0, -2), ...Array<Buffer>(100).fill(scan), bytes.subarray(-2)]);

    await expect(read('x.jpg', many)).rejects.toThrow(/a JPEG must have at most 100 scans; this one has \d+/);
  });

  /** Bytes of arrays and buffers beyond those from before: what unpacking would take. */
  function grownSince(before: NodeJS.MemoryUsage): number {
    return process.memoryUsage().arrayBuffers - before.arrayBuffers;
  }
});
