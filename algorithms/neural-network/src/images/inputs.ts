/** Images in requests: their part of the definition. */
import { decodeImage, type ImageType, MAX_IMAGE_BYTES } from './decode.js';

export const IMAGE_INPUTS = {
  'image/png': imageInput('image/png', 'One PNG image'),
  'image/jpeg': imageInput('image/jpeg', 'One JPEG image, as it is stored: an orientation in Exif is not applied,'),
  'image/webp': imageInput('image/webp', 'One WebP image'),
};

// --- internal ---

function imageInput(type: ImageType, what: string) {
  return {
    description: `${what} of the width and height of the model's input_shape, gray or in colour; transparency is dropped. Pixel values are 0 to 255, as in rows.`,
    maxBytes: MAX_IMAGE_BYTES,
    decode: (bytes: Uint8Array, { maxBytes }: { readonly maxBytes: number }) => decodeImage(type, bytes, maxBytes),
  };
}
