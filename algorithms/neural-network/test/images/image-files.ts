/** Image files made chunk by chunk, and the pixels that are read from image files. */
import { crc32, deflateSync } from 'node:zlib';
import { type ImageType, MAX_IMAGE_BYTES, openImage } from '../../src/images/open.js';
import { fixture } from './pictures.js';

export const typeOf = (name: string): ImageType =>
  name.endsWith('.png') ? 'image/png' : name.endsWith('.jpg') ? 'image/jpeg' : 'image/webp';
export const read = (name: string, bytes?: Uint8Array) => decoded(typeOf(name), bytes ?? fixture(name));

export async function decoded(type: ImageType | undefined, bytes: Uint8Array) {
  const image = openImage(type, bytes, MAX_IMAGE_BYTES);
  return { ...image, rgb: await image.readPixels() };
}

/** A chunk of PNG with its checksum. */
export function chunk(type: string, content: Uint8Array | string = ''): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(content)]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(body.length - 4, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

export function pngHeader(width: number, height: number, depth = 8, colourType = 0, interlace = 0): Buffer {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  content.set([depth, colourType, 0, 0, interlace], 8);
  return chunk('IHDR', content);
}

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
/** A PNG of these chunks and its end. */
export const png = (...chunks: readonly Buffer[]) => Buffer.concat([SIGNATURE, ...chunks, chunk('IEND')]);
/** Two gray pixels in a row of their own each. */
export const PIXELS = deflateSync(Uint8Array.of(0, 10, 0, 20));
