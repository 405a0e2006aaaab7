/** Images in requests: their part of the definition. */
import type { DecoderContext } from '@algo/contract';
import type { ImageFile } from './image.js';
import { type ImageType, MAX_IMAGE_BYTES, openImage } from './open.js';

/** An image of a request. */
export interface SentImage extends ImageFile {
  /** Of its body. */
  readonly contentType: ImageType | 'application/x-image';
}

export const IMAGE_INPUTS = {
  'image/png': imageInput('image/png', 'One PNG image'),
  'image/jpeg': imageInput('image/jpeg', 'One JPEG image, as it is stored: an orientation in Exif is not applied,'),
  'image/webp': imageInput('image/webp', 'One WebP image'),
  /** What SageMaker's own image algorithms call any of them. */
  'application/x-image': imageInput(
    'application/x-image',
    'One image of any of these types, which its first bytes say,',
  ),
};

// --- internal ---

function imageInput(contentType: SentImage['contentType'], what: string) {
  const type = contentType === 'application/x-image' ? undefined : contentType;
  return {
    description: `${what} of the width and height of the model's input_shape, gray or in colour; transparency is dropped. Pixel values are 0 to 255, as in rows.`,
    maxBytes: MAX_IMAGE_BYTES,
    decode: (bytes: Uint8Array, { maxBytes }: Pick<DecoderContext, 'maxBytes'>): SentImage => ({
      ...openImage(type, bytes, maxBytes),
      contentType,
    }),
  };
}
