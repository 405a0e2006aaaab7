/**
 * WebP by libwebp: lossy, lossless and with transparency, which is dropped; animations are refused. The sizes in all headers
 * are read here first. Source: RFC 9649.
 */
import * as codec from '@jsquash/webp/decode.js';
import { type Codec, createDecoder } from './codec.js';
import { checkSize, ImageError, type ImageFile } from './image.js';
import { kernelBytes } from './webp-codec.generated.js';

/** @throws ImageError for what is no WebP, or has more than `maxPixels` pixels */
export function openWebp(bytes: Uint8Array, maxPixels: number): ImageFile {
  const sizes = readSizes(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  for (const { width, height } of sizes) checkSize(width, height, maxPixels);
  const { width, height } = sizes.at(-1)!;
  return {
    width,
    height,
    async readPixels() {
      const rgb = await decode(bytes);
      if (rgb.length !== width * height * 3) throw new ImageError('the headers of the WebP differ in its size');
      return rgb;
    },
  };
}

// --- internal ---

const decode = createDecoder({ init: codec.init, decode: codec.default } as Codec, kernelBytes);

interface Size {
  readonly width: number;
  readonly height: number;
}

const ANIMATION = 0x02;

/** Of the canvas, if the file has one, and of the image in it. */
function readSizes(file: Buffer): readonly Size[] {
  if (file.length < 20 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WEBP') {
    throw new ImageError('a WebP must begin with its header RIFF … WEBP');
  }
  const sizes: Size[] = [];
  for (let at = 12; at + 18 <= file.length; ) {
    const type = file.toString('latin1', at, at + 4);
    if (type === 'VP8X') {
      if ((file[at + 8]! & ANIMATION) !== 0) throw new ImageError('a WebP must be one image; this one is an animation');
      sizes.push({ width: file.readUIntLE(at + 12, 3) + 1, height: file.readUIntLE(at + 15, 3) + 1 });
    }
    if (type === 'VP8 ') return [...sizes, lossySize(file.subarray(at + 8))];
    if (type === 'VP8L') return [...sizes, losslessSize(file.subarray(at + 8))];
    const length = file.readUInt32LE(at + 4);
    at += 8 + length + (length % 2);
  }
  throw new ImageError('a WebP must have an image; this one has none');
}

/** A key frame: three bytes of frame tag, its start code, then 14 bits each. */
function lossySize(frame: Buffer): Size {
  if (frame.length < 10 || frame.readUIntBE(3, 3) !== 0x9d012a) throw new ImageError('the WebP has no key frame');
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff };
}

function losslessSize(frame: Buffer): Size {
  if (frame[0] !== 0x2f) throw new ImageError('the lossless WebP has no signature');
  const bits = frame.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
