/** Image files by media type. */
import { ImageError, type ImageFile } from './image.js';
import { openJpeg } from './jpeg.js';
import { openPng } from './png.js';
import { openWebp } from './webp.js';

type Open = (bytes: Uint8Array, maxPixels: number) => ImageFile;

const READERS = {
  'image/png': openPng,
  'image/jpeg': openJpeg,
  'image/webp': openWebp,
} as const satisfies Readonly<Record<string, Open>>;

export type ImageType = keyof typeof READERS;

export const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const satisfies readonly ImageType[];

/** Bytes that a pixel takes while an image is decoded: red, green, blue and transparency. */
const PIXEL_BYTES = 4;

/** Largest image in bytes while it is decoded: 16,777,216 pixels, more than a network takes. */
export const MAX_IMAGE_BYTES = 64 * 1024 * 1024;

/**
 * @param type undefined: any of them, which the first bytes say
 * @param maxBytes that the image may take while it is decoded
 * @throws ImageError for what is no image of that type, or too large
 */
export function openImage(type: ImageType | undefined, bytes: Uint8Array, maxBytes: number): ImageFile {
  const own = type ?? typeOfImage(bytes);
  if (own === undefined) throw new ImageError(`an image must be one of ${IMAGE_TYPES.join(', ')}`);
  return READERS[own](bytes, Math.floor(maxBytes / PIXEL_BYTES));
}

// --- internal ---

/** The type of an image file by its first bytes, whatever its name; undefined when it is none of them. */
function typeOfImage(bytes: Uint8Array): ImageType | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  if (start.startsWith('\x89PNG')) return 'image/png';
  if (start.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  return start.startsWith('RIFF') && start.endsWith('WEBP') ? 'image/webp' : undefined;
}
