/**
 * Image files to pixels, compared with Pillow's (fixtures/make-images.py), and images that are made to harm: their headers say
 * how large they would be, and packed parts unpack to far more than their bytes.
 */
import { readFileSync } from 'node:fs';
import { crc32, deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { imageFeatures } from '../../src/images/image.js';
import { type ImageType, MAX_IMAGE_BYTES, openImage } from '../../src/images/open.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url));
const typeOf = (name: string): ImageType =>
  name.endsWith('.png') ? 'image/png' : name.endsWith('.jpg') ? 'image/jpeg' : 'image/webp';
const read = (name: string, bytes?: Uint8Array) => decoded(typeOf(name), bytes ?? fixture(name));

async function decoded(type: ImageType | undefined, bytes: Uint8Array) {
  const image = openImage(type, bytes, MAX_IMAGE_BYTES);
  return { ...image, rgb: await image.readPixels() };
}

const WIDTH = 13;
const HEIGHT = 9;

/** A chunk of PNG with its checksum. */
function chunk(type: string, content: Uint8Array | string = ''): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(content)]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(body.length - 4, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

function pngHeader(width: number, height: number, depth = 8, colourType = 0, interlace = 0): Buffer {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  content.set([depth, colourType, 0, 0, interlace], 8);
  return chunk('IHDR', content);
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const png = (...chunks: readonly Buffer[]) => Buffer.concat([SIGNATURE, ...chunks, chunk('IEND')]);
const twice = <T>(value: T): T[] => [value, value];
/** Two gray pixels in a row of their own each. */
const PIXELS = deflateSync(Uint8Array.of(0, 10, 0, 20));
/** 100 MB that take about 100 kB. */
const BOMB = deflateSync(Buffer.alloc(100_000_000), { level: 9 });

describe('an image file', () => {
  it.each([
    'gray.png',
    'gray-16.png',
    'gray-alpha.png',
    'black-white.png',
    'colour.png',
    'colour-alpha.png',
    'palette-1.png',
    'palette-2.png',
    'palette-4.png',
    'palette-8.png',
    'gray.jpg',
    'colour.jpg',
    'colour-444.jpg',
    'progressive.jpg',
    'rotated.jpg',
    'lossless.webp',
    'lossy.webp',
    'gray.webp',
    'colour-alpha.webp',
  ])('%s has the pixels that Pillow reads', async (name) => {
    const image = await read(name);

    expect([image.width, image.height]).toEqual([WIDTH, HEIGHT]);
    expect(Buffer.from(image.rgb).equals(fixture(`${name}.rgb`))).toBe(true);
  });

  it('is known by its first bytes, whatever its name', async () => {
    for (const name of ['gray.png', 'colour.jpg', 'lossy.webp']) {
      const image = await decoded(undefined, fixture(name));
      expect(Buffer.from(image.rgb).equals(fixture(`${name}.rgb`))).toBe(true);
    }
    await expect(decoded(undefined, fixture('other.gif'))).rejects.toThrow(
      'an image must be one of image/png, image/jpeg, image/webp',
    );
  });

  it('that is interlaced has the same pixels', async () => {
    const data = fixture('colour.png.rgb');
    const bytes = encode({ width: WIDTH, height: HEIGHT, channels: 3, depth: 8, data }, { interlace: 'Adam7' });

    expect(Buffer.from((await read('interlaced.png', bytes)).rgb).equals(data)).toBe(true);
  });

  it('keeps its own colours if it also has a palette', async () => {
    const palette = chunk('PLTE', Uint8Array.of(1, 2, 3));
    const pixels = chunk('IDAT', deflateSync(Uint8Array.of(0, 10, 20, 30)));

    expect([...(await read('x.png', png(pngHeader(1, 1, 8, 2), palette, pixels))).rgb]).toEqual([10, 20, 30]);
  });

  it('keeps its pixels if many are decoded concurrently', async () => {
    const names = ['colour.jpg', 'lossy.webp', 'gray.jpg', 'lossless.webp', 'colour-444.jpg'];
    const images = await Promise.all(names.map((name) => read(name)));

    for (const [index, name] of names.entries()) {
      expect(Buffer.from(images[index]!.rgb).equals(fixture(`${name}.rgb`))).toBe(true);
    }
  });
});

describe('a file that is no whole image is refused', () => {
  it.each([
    ['text', 'x.png', Buffer.from('not an image'), 'a PNG must begin with its signature and header'],
    ['text', 'x.jpg', Buffer.from('not an image'), 'a JPEG must begin with its marker FFD8'],
    ['text', 'x.webp', Buffer.from('not an image, but long enough'), 'a WebP must begin with its header'],
    ['another type', 'x.png', fixture('colour.jpg'), 'a PNG must begin'],
    ['a PNG that ends early', 'x.png', fixture('colour.png').subarray(0, -20), 'the PNG ends'],
    ['a JPEG that ends early', 'x.jpg', fixture('colour.jpg').subarray(0, -60), 'Premature end of JPEG file'],
    ['a WebP that ends early', 'x.webp', fixture('lossy.webp').subarray(0, -20), 'the image is damaged'],
    [
      'a JPEG of four inks',
      'x.jpg',
      fixture('cmyk.jpg'),
      'a JPEG must be gray or in colour (1 or 3 components); this one has 4',
    ],
    ['an animated WebP', 'x.webp', fixture('animation.webp'), 'a WebP must be one image; this one is an animation'],
    [
      'an animated PNG',
      'x.png',
      png(pngHeader(1, 2), chunk('acTL', Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0)), chunk('IDAT', PIXELS)),
      'a PNG must be one image; this one is an animation',
    ],
    ['a JPEG without a frame', 'x.jpg', Buffer.from('ffd8ffe00004aabbffda', 'hex'), 'a JPEG must have a frame header'],
    ['a PNG without pixels', 'x.png', png(pngHeader(1, 2)), 'the pixels are damaged'],
    [
      'a PNG with too few pixels',
      'x.png',
      png(pngHeader(1, 3), chunk('IDAT', PIXELS)),
      'the PNG has fewer pixels than its header says',
    ],
    [
      'a PNG with an unknown critical chunk',
      'x.png',
      png(pngHeader(1, 2), chunk('ABCD'), chunk('IDAT', PIXELS)),
      'the PNG has an unknown chunk "ABCD"',
    ],
    ['a PNG of no known kind', 'x.png', png(pngHeader(1, 2, 3)), 'a PNG has no colour type 0 with 3 bits'],
    [
      'a PNG of a filter that does not exist',
      'x.png',
      png(pngHeader(1, 2), chunk('IDAT', deflateSync(Uint8Array.of(7, 10, 0, 20)))),
      'the PNG is damaged (Unsupported filter: 7)',
    ],
    [
      'a PNG without its palette',
      'x.png',
      png(pngHeader(1, 2, 8, 3), chunk('IDAT', PIXELS)),
      'a PNG of palette colours must have its palette before its pixels',
    ],
    [
      'a PNG whose palette comes late',
      'x.png',
      png(pngHeader(1, 2, 8, 3), chunk('IDAT', PIXELS), chunk('PLTE', Uint8Array.of(1, 2, 3))),
      'a PNG of palette colours must have its palette before its pixels',
    ],
    [
      'a PNG of two palettes',
      'x.png',
      png(pngHeader(1, 2, 8, 3), ...twice(chunk('PLTE', Uint8Array.of(1, 2, 3))), chunk('IDAT', PIXELS)),
      'a PNG must have one palette, before its pixels',
    ],
    [
      'a PNG of half a palette colour',
      'x.png',
      png(pngHeader(1, 2, 8, 3), chunk('PLTE', Uint8Array.of(1, 2, 3, 4)), chunk('IDAT', PIXELS)),
      'a palette must have 1 to 256 colours of 3 bytes; this one has 4 bytes',
    ],
    [
      'a PNG of a colour beyond its palette',
      'x.png',
      png(pngHeader(1, 2, 8, 3), chunk('PLTE', Uint8Array.of(1, 2, 3)), chunk('IDAT', PIXELS)),
      'the PNG is damaged (Incorrect index of palette color)',
    ],
    ['a PNG of no size', 'x.png', png(pngHeader(0, 2)), 'an image must have 1 to 16777216 pixels; this one is 0 × 2'],
  ])('because it is %s (%s)', async (_, name, bytes, message) => {
    await expect(read(name, bytes)).rejects.toThrow(message);
  });

  it('because a checksum is wrong', async () => {
    const bytes = Buffer.from(fixture('colour.png'));
    bytes[bytes.length - 20]! ^= 1;

    await expect(read('x.png', bytes)).rejects.toThrow('the checksum of chunk IDAT is wrong');
  });

  it('whatever bytes are changed, or it has pixels, but never another error or size', async () => {
    for (const name of [
      'colour.png',
      'palette-4.png',
      'colour.jpg',
      'progressive.jpg',
      'lossy.webp',
      'lossless.webp',
    ]) {
      const original = fixture(name);
      for (let at = 0; at < original.length; at += Math.ceil(original.length / 40)) {
        const bytes = Buffer.from(original);
        bytes[at]! ^= 0x5a;
        const outcome = await read(name, bytes).catch((error: unknown) => error);
        if (outcome instanceof Error) expect(outcome.constructor.name).toBe('ImageError');
        else expect((outcome as { rgb: Uint8Array }).rgb.length % 3).toBe(0);
      }
    }
  });
});

describe('an image of another size than the network takes', () => {
  it.each([
    ['PNG', 'x.png', png(pngHeader(4096, 4096), chunk('IDAT', PIXELS))],
    ['JPEG', 'x.jpg', fixture('colour.jpg').subarray(0, -60)],
    ['WebP', 'x.webp', fixture('lossy.webp').subarray(0, -20)],
  ])('is refused by the header of a %s, whose pixels are not read', async (_, name, damaged) => {
    const image = openImage(typeOf(name), damaged, MAX_IMAGE_BYTES);

    await expect(imageFeatures(image, [28, 28, 1], 'request')).rejects.toThrow(
      `request: the image must be 28 × 28 pixels as the network takes; received ${image.width} × ${image.height}. Resize it.`,
    );
    await expect((async () => image.readPixels())()).rejects.toThrow();
  });
});

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
