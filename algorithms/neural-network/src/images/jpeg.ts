/**
 * JPEG by MozJPEG, whose pixels are those of libjpeg-turbo and so of Pillow; the orientation in Exif is not applied. The
 * header is read here first: how large the image is, and how many scans a progressive one has, each of which costs as much
 * work as the image. Source: ITU-T T.81, annex B.
 */
import * as codec from '@jsquash/jpeg/decode.js';
import { type Codec, createDecoder } from './codec.js';
import { checkSize, ImageError, type ImageFile } from './image.js';
import { kernelBytes } from './jpeg-codec.generated.js';

/** @throws ImageError for what is no JPEG, or has more than `maxPixels` pixels */
export function openJpeg(bytes: Uint8Array, maxPixels: number): ImageFile {
  const { width, height, components } = readFrame(bytes);
  checkSize(width, height, maxPixels);
  if (components !== 1 && components !== 3) {
    throw new ImageError(`a JPEG must be gray or in colour (1 or 3 components); this one has ${components}`);
  }
  return {
    width,
    height,
    async readPixels() {
      const scans = countScans(bytes);
      if (scans > MAX_SCANS) throw new ImageError(`a JPEG must have at most ${MAX_SCANS} scans; this one has ${scans}`);
      const rgb = await decode(bytes);
      if (rgb.length !== width * height * 3) throw new ImageError('the headers of the JPEG differ in its size');
      return rgb;
    },
  };
}

// --- internal ---

/** As libvips has it. Encoders make about ten. */
const MAX_SCANS = 100;

const decode = createDecoder({ init: codec.init, decode: codec.default } as Codec, kernelBytes);

const START_OF_IMAGE = 0xd8;
const START_OF_SCAN = 0xda;

/** Size and components from the frame header, which precedes all scans. */
function readFrame(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) throw new ImageError('a JPEG must begin with its marker FFD8');
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1; // any marker may have more bytes FF before it
      continue;
    }
    if (marker === START_OF_SCAN) break;
    if (isFrame(marker)) {
      if (at + 10 > bytes.length) break;
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7), components: bytes[at + 9]! };
    }
    at += 2 + (isAlone(marker) ? 0 : view.getUint16(at + 2));
  }
  throw new ImageError('a JPEG must have a frame header before its first scan');
}

/** SOF0 to SOF15, without the tables that are numbered among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Markers without a segment. */
function isAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd9);
}

/** Among packed pixels a byte FF is followed by 00 or a restart marker, so what looks like a scan is one. */
function countScans(bytes: Uint8Array): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    if (bytes[at + 1] === START_OF_SCAN) scans += 1;
  }
  return scans;
}
