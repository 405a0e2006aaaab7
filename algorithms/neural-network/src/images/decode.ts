/** Image files by media type. */
import { type DecodedImage, ImageError } from './image.js';
import { decodeJpeg } from './jpeg.js';
import { decodePng } from './png.js';
import { decodeWebp } from './webp.js';

type Decode = (bytes: Uint8Array, maxPixels: number) => DecodedImage | Promise<DecodedImage>;

const DECODERS = {
  'image/png': decodePng,
  'image/jpeg': decodeJpeg,
  'image/webp': decodeWebp,
} as const satisfies Readonly<Record<string, Decode>>;

export type ImageType = keyof typeof DECODERS;

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const satisfies readonly ImageType[];

/** Bytes that a pixel takes while an image is decoded: red, green, blue and transparency. */
const PIXEL_BYTES = 4;

/** Largest image in bytes while it is decoded: 16,777,216 pixels, more than a network takes. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;

/**
 * @param maxBytes that the image may take while it is decoded
 * @throws ImageError for what is no image of that type, is damaged or too large
 */
export async function decodeImage(type: ImageType, bytes: Uint8Array, maxBytes: number): Promise<DecodedImage> {
  return DECODERS[type](bytes, Math.floor(maxBytes / PIXEL_BYTES));
}

/** @throws ImageError for a file of another type too */
export async function decodeAnyImage(bytes: Uint8Array, maxBytes: number): Promise<DecodedImage> {
  const type = typeOfImage(bytes);
  if (type === undefined) throw new ImageError(`an image must be one of ${IMAGE_TYPES.join(', ')}`);
  return decodeImage(type, bytes, maxBytes);
}

// --- internal ---

/** The type of an image file by its first bytes, whatever its name; undefined when it is none of them. */
function typeOfImage(bytes: Uint8Array): ImageType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\x89PNG')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  return start.startsWith('RIFF') && start.endsWith('WEBP') ? 'image/webp' : undefined;
}
