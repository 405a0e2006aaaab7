/**
 * An image, and the row of a network that it becomes: pixel values 0 to 255, row by row, channels last, the very
 * numbers that a CSV of the pixels has. Colours become gray as in Pillow's `convert("L")`; gray fills all of three channels.
 */
import { ClientError } from '@algo/contract';

/** An image file whose headers were read: its size is known, and its pixels take work only where they are wanted. */
export interface ImageFile {
  readonly width: number;
  readonly height: number;
  /**
   * [height × width × 3] red, green, blue, equal for gray; transparency is dropped.
   * @throws ImageError for a file that is damaged
   */
  readPixels(): Uint8Array | Promise<Uint8Array>;
}

/** Height, width and channels. */
export type ImageShape = readonly [height: number, width: number, channels: number];

/** What is wrong with an image, without its place. */
export class ImageError extends Error {}

/**
 * [height × width × channels] values 0 to 255.
 * @param place where the image comes from, as messages begin: `request`, `train/3/a.png`
 * @throws ClientError E_DATA_COLUMNS for an image of another size than the network's, before it is decoded; ImageError
 */
export async function imageFeatures(image: ImageFile, shape: ImageShape, place: string): Promise<Float32Array> {
  const { width, height } = image;
  const [rows, columns, channels] = shape;
  if (height !== rows || width !== columns) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${place}: the image must be ${columns} × ${rows} pixels as the network takes; received ${width} × ${height}. Resize it.`,
    );
  }
  if (channels !== 1 && channels !== 3) {
    throw new ClientError(
      'E_DATA_COLUMNS',
      `${place}: an image file has 1 channel (gray) or 3 (red, green, blue); the network takes ${channels}. Send its values as rows.`,
    );
  }
  const rgb = await image.readPixels();
  return channels === 3 ? Float32Array.from(rgb) : grayOf(rgb);
}

/** @throws ImageError for an image that has no pixels, or more than may be decoded */
export function checkSize(width: number, height: number, maxPixels: number): void {
  if (width >= 1 && height >= 1 && width * height <= maxPixels) return;
  throw new ImageError(`an image must have 1 to ${maxPixels} pixels; this one is ${width} × ${height}`);
}

/** The colours of pixels with their transparency. @param rgba [pixels × 4] */
export function withoutAlpha(rgba: Uint8Array | Uint8ClampedArray): Uint8Array {
  const pixels = rgba.length / 4;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    rgb[3 * i] = rgba[4 * i]!;
    rgb[3 * i + 1] = rgba[4 * i + 1]!;
    rgb[3 * i + 2] = rgba[4 * i + 2]!;
  }
  return rgb;
}

// --- internal ---

/** ITU-R 601-2 luma in 16-bit fixed point, rounded: Pillow's numbers, which leave gray as it is. */
function grayOf(rgb: Uint8Array): Float32Array {
  const gray = new Float32Array(rgb.length / 3);
  for (let i = 0; i < gray.length; i++) {
    gray[i] = (rgb[3 * i]! * 19595 + rgb[3 * i + 1]! * 38470 + rgb[3 * i + 2]! * 7471 + 0x8000) >> 16;
  }
  return gray;
}
