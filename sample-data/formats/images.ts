/** A row of gray pixels as an image file. PNG and WebP keep each value, JPEG comes within a few of it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import encodeJpeg, { init as initJpeg } from '@jsquash/jpeg/encode.js';
import encodeWebp, { init as initWebp } from '@jsquash/webp/encode.js';
import { encode as encodePng } from 'fast-png';
import type { Row } from './rows.ts';

export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

/** @param row [height × width] values 0 to 255, row by row */
export function png(row: Row, size: ImageSize): Uint8Array {
  return encodePng({ ...size, channels: 1, depth: 8, data: Uint8Array.from(row, Number) });
}

export async function jpeg(row: Row, size: ImageSize): Promise<Uint8Array> {
  await initJpeg(codec('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm'));
  return new Uint8Array(await encodeJpeg(imageData(row, size), { quality: 100, color_space: GRAY }));
}

export async function webp(row: Row, size: ImageSize): Promise<Uint8Array> {
  await initWebp(codec('@jsquash/webp/codec/enc/webp_enc_simd.wasm'));
  return new Uint8Array(await encodeWebp(imageData(row, size), { lossless: 1 }));
}

// --- internal ---

/** MozJPEG's number of the colour space with one channel. */
const GRAY = 1;

/** The encoders load their WebAssembly from a URL, as browsers do, unless they are given it. */
function codec(specifier: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve(specifier))));
}

function imageData(row: Row, { width, height }: ImageSize): ImageData {
  const data = Uint8ClampedArray.from(row.flatMap((value) => [value!, value!, value!, 255]));
  return { width, height, data, colorSpace: 'srgb' } as ImageData;
}
