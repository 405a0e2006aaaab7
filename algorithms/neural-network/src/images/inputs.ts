/** Images in requests: their part of the definition. */
import type { DecoderContext } from '@algo/contract';
import { decodeAnyImage, decodeImage, type ImageType, MAX_IMAGE_BYTES } from './decode.js';
import type { DecodedImage } from './image.js';

export const IMAGE_INPUTS = {
  'image/png': imageInput('image/png', 'One PNG image'),
  'image/jpeg': imageInput('image/jpeg', 'One JPEG image, as it is stored: an orientation in Exif is not applied,'),
  'image/webp': imageInput('image/webp', 'One WebP image'),
  /** What SageMaker's own image algorithms call any of them. */
  'application/x-image': input('One image of any of these types, which its first bytes say,', decodeAnyImage),
};

// --- internal ---

function imageInput(type: ImageType, what: string) {
  return input(what, (bytes, maxBytes) => decodeImage(type, bytes, maxBytes));
}

function input(what: string, decode: (bytes: Uint8Array, maxBytes: number) => Promise<DecodedImage>) {
  return {
    description: `${what} of the width and height of the model's input_shape, gray or in colour; transparency is dropped. Pixel values are 0 to 255, as in rows.`,
    maxBytes: MAX_IMAGE_BYTES,
    decode: (bytes: Uint8Array, { maxBytes }: Pick<DecoderContext, 'maxBytes'>) => decode(bytes, maxBytes),
  };
}
