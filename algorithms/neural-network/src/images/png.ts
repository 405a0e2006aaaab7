/**
 * PNG by fast-png, which gets nothing that could expand: the chunks are read here first, everything but pixels
 * (compressed text, colour profiles, palettes of images that have colours of their own) is dropped, and the pixels may not
 * unpack to more bytes than the one header says. Samples of 16 bits keep their upper 8, as in Pillow; animations are refused.
 * Source: W3C, Portable Network Graphics, third edition.
 */
import { crc32, inflateSync } from 'node:zlib';
import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';
import { checkSize, ImageError, type ImageFile, withoutAlpha } from './image.js';

/** @throws ImageError for what is no PNG, or has more than `maxPixels` pixels */
export function openPng(bytes: Uint8Array, maxPixels: number): ImageFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(file);
  // Samples of 16 bits take twice the memory.
  checkSize(header.width, header.height, Math.floor(maxPixels / Math.max(1, header.depth / 8)));
  return {
    width: header.width,
    height: header.height,
    readPixels() {
      const { kept, pixels } = pixelChunks(file, header);
      checkPixels(pixels, header);
      return unpack(Buffer.concat([SIGNATURE, ...kept]));
    },
  };
}

// --- internal ---

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const HEADER_BYTES = 33;
/** Length, type and checksum of a chunk. */
const CHUNK_BYTES = 12;

interface Header {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly samples: number;
  readonly hasPalette: boolean;
  readonly isInterlaced: boolean;
}

/** The colour type whose samples are numbers of a palette's entries. */
const PALETTE = 3;

/** Samples per pixel and allowed depths by colour type. */
const COLOUR_TYPES: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

function readHeader(file: Buffer): Header {
  const isPng = file.length >= HEADER_BYTES && file.subarray(0, 8).equals(SIGNATURE);
  if (!isPng || file.readUInt32BE(8) !== 13 || file.toString('latin1', 12, 16) !== 'IHDR') {
    throw new ImageError('a PNG must begin with its signature and header');
  }
  const [depth, colourType, , , interlace] = file.subarray(24, 29);
  const colour = COLOUR_TYPES[colourType!];
  if (!colour?.depths.includes(depth!)) {
    throw new ImageError(`a PNG has no colour type ${colourType} with ${depth} bits`);
  }
  const isInterlaced = interlace === 1;
  if (isInterlaced && depth! < 8) throw new ImageError('an interlaced PNG must have 8 or 16 bits per sample');
  return {
    width: file.readUInt32BE(16),
    height: file.readUInt32BE(20),
    depth: depth!,
    samples: colour.samples,
    hasPalette: colourType === PALETTE,
    isInterlaced,
  };
}

/** Header, palette, pixels and end as they are, and the packed pixels together. */
function pixelChunks(
  file: Buffer,
  { hasPalette }: Header,
): { readonly kept: readonly Buffer[]; readonly pixels: Buffer } {
  const kept: Buffer[] = [];
  const pixels: Buffer[] = [];
  for (let at = SIGNATURE.length; ; ) {
    if (at + CHUNK_BYTES > file.length) throw new ImageError('the PNG ends before its last chunk');
    const length = file.readUInt32BE(at);
    const end = at + CHUNK_BYTES + length;
    if (end > file.length) throw new ImageError('the PNG ends within a chunk');
    const type = file.toString('latin1', at + 4, at + 8);
    if (type === ANIMATION) throw new ImageError('a PNG must be one image; this one is an animation');
    const isPixel = PIXEL_CHUNKS.has(type);
    if (isPixel) {
      if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) {
        throw new ImageError(`the checksum of chunk ${type} is wrong`);
      }
      if (type === 'IHDR' && kept.length > 0) throw new ImageError('a PNG must have one header; this one has a second');
      // Beside colours of their own, a palette is advice for screens of few colours.
      if (type !== 'PLTE' || hasPalette) kept.push(file.subarray(at, end));
      if (type === 'PLTE' && hasPalette) checkPalette(length, kept.length);
      if (type === 'IDAT' && hasPalette && kept.length < 3) {
        throw new ImageError('a PNG of palette colours must have its palette before its pixels');
      }
    } else if (isCritical(type)) throw new ImageError(`the PNG has an unknown chunk ${JSON.stringify(type)}`);
    if (type === 'IDAT') pixels.push(file.subarray(at + 8, end - 4));
    if (type === 'IEND') return { kept, pixels: Buffer.concat(pixels) };
    at = end;
  }
}

/** The control chunk that makes a PNG an animation; its first frame is in the chunks of a still image. */
const ANIMATION = 'acTL';

const PIXEL_CHUNKS: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND']);

/** @param place among the chunks that are kept, from 1: the header is the first */
function checkPalette(length: number, place: number): void {
  if (place !== 2) throw new ImageError('a PNG must have one palette, before its pixels');
  if (length >= 3 && length <= 768 && length % 3 === 0) return;
  throw new ImageError(`a palette must have 1 to 256 colours of 3 bytes; this one has ${length} bytes`);
}

/** A capital at the start: the image is not what it should be without it. */
function isCritical(type: string): boolean {
  return /^[A-Z]/.test(type);
}

/** The pixels unpack to as many bytes as the header says: no fewer, and never more. */
function checkPixels(pixels: Buffer, header: Header): void {
  const expected = unpackedBytes(header);
  let length: number;
  try {
    length = inflateSync(pixels, { maxOutputLength: expected }).length;
  } catch (cause) {
    const isLonger = cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE';
    throw new ImageError(isLonger ? 'the PNG has more pixels than its header says' : 'the pixels are damaged', {
      cause,
    });
  }
  if (length < expected) throw new ImageError('the PNG has fewer pixels than its header says');
}

/** First column and row of each pass of Adam7, and the steps to the next ones. */
const PASSES = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

function unpackedBytes({ width, height, depth, samples, isInterlaced }: Header): number {
  /** Each row has the number of its filter before it. */
  const sizeOf = (columns: number, rows: number) =>
    columns === 0 ? 0 : rows * (1 + Math.ceil((columns * samples * depth) / 8));
  if (!isInterlaced) return sizeOf(width, height);
  return PASSES.reduce(
    (sum, [x, y, dx, dy]) =>
      sum + sizeOf(Math.max(0, Math.ceil((width - x) / dx)), Math.max(0, Math.ceil((height - y) / dy))),
    0,
  );
}

/** The colours of a file of kept chunks. */
function unpack(file: Buffer): Uint8Array {
  try {
    return colours(decode(file));
  } catch (cause) {
    // Memory that is not there is no fault of the image's.
    if (!(cause instanceof Error) || cause instanceof RangeError) throw cause;
    throw new ImageError(`the PNG is damaged (${cause.message})`, { cause });
  }
}

function colours(png: DecodedPng): Uint8Array {
  if (png.palette) return paletteColours(png);
  const samples = samplesOf(png);
  if (png.channels === 4) return withoutAlpha(samples);
  if (png.channels === 3) return samples;
  const rgb = new Uint8Array(png.width * png.height * 3);
  for (let pixel = 0, at = 0; at < rgb.length; pixel++) {
    const gray = samples[pixel * png.channels]!;
    rgb[at++] = gray;
    rgb[at++] = gray;
    rgb[at++] = gray;
  }
  return rgb;
}

function paletteColours(png: DecodedPng): Uint8Array {
  const converted = convertIndexedToRgb(png as DecodedPng & { readonly palette: number[][] });
  return new Uint8Array(converted.buffer, converted.byteOffset, converted.byteLength);
}

/** [pixels × channels] of 8 bits each. */
function samplesOf({ data, depth, width, height, channels }: DecodedPng): Uint8Array {
  if (depth === 8) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const samples = new Uint8Array(width * height * channels);
  if (depth === 16) {
    // A loop, since `Uint8Array.from` with a function takes fifty times as long.
    for (let i = 0; i < samples.length; i++) samples[i] = data[i]! >> 8;
    return samples;
  }
  // Samples of a row are packed into bytes; the largest of them is white.
  const perByte = 8 / depth;
  const rowBytes = Math.ceil(width / perByte);
  const largest = 2 ** depth - 1;
  for (let i = 0; i < samples.length; i++) {
    const [row, column] = [Math.floor(i / width), i % width];
    const byte = data[row * rowBytes + Math.floor(column / perByte)]!;
    samples[i] = (((byte >> (8 - depth - (column % perByte) * depth)) & largest) * 255) / largest;
  }
  return samples;
}
