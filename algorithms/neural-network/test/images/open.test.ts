/** Image files to pixels, compared with Pillow's (fixtures/make-images.py), and files that are refused. */
import { deflateSync } from 'node:zlib';
import { encode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { imageFeatures } from '../../src/images/image.js';
import { MAX_IMAGE_BYTES, openImage } from '../../src/images/open.js';
import { chunk, decoded, PIXELS, png, pngHeader, read, typeOf } from './image-files.js';
import { fixture } from './pictures.js';

const WIDTH = 13;
const HEIGHT = 9;
const twice = <T>(value: T): T[] => [value, value];

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
