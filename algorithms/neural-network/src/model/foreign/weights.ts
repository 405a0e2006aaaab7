/** The weight files of a model: which there must be, how many bytes they must have, and all of them as one. */
import { ClientError } from '@algo/contract';
import type { ModelJson, WeightGroup } from './model-json.js';

/** Names of the weight files in order. @throws ClientError E_MODEL for one that is not among `names` */
export function weightFiles(file: string, { weightsManifest }: ModelJson, names: readonly string[]): readonly string[] {
  const files = weightsManifest.flatMap(({ paths }) => paths.map(plainName));
  const missing = files.find((name) => !names.includes(name));
  if (missing === undefined) return files;
  throw new ClientError(
    'E_MODEL',
    `${file}: weight file "${missing}" must stand beside it; found ${names.join(', ')}. Put all files of the model into the top of the archive.`,
  );
}

/**
 * All weights one after the other, in the order of the manifest.
 * @throws ClientError E_MODEL when a group has more or fewer bytes than its weights need
 */
export function joinWeights(file: string, { weightsManifest }: ModelJson, read: (name: string) => Buffer): ArrayBuffer {
  const groups = weightsManifest.map((group) => {
    const parts = group.paths.map((path) => read(plainName(path)));
    checkSize(file, group, parts);
    return parts;
  });
  const parts = groups.flat();
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined.buffer;
}

// --- internal ---

const BYTES = { float32: 4, int32: 4, bool: 1, complex64: 8, uint8: 1, uint16: 2, float16: 2 } as const;

function plainName(path: string): string {
  return path.replace(/^(\.\/)+/, '');
}

function checkSize(file: string, { paths, weights }: WeightGroup, parts: readonly Uint8Array[]): void {
  let expected = 0;
  for (const { dtype, shape, quantization } of weights) {
    const stored = quantization?.dtype ?? dtype;
    if (stored === 'string') return; // of any length; decoding tells
    expected += shape.reduce((size, side) => size * side, 1) * BYTES[stored];
  }
  const received = parts.reduce((sum, part) => sum + part.length, 0);
  if (received === expected) return;
  throw new ClientError(
    'E_MODEL',
    `${paths.join(', ')} must have ${expected} bytes for the weights that ${file} lists; received ${received}. The model is damaged, or its files are of different models.`,
  );
}
