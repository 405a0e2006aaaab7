/** The weight files of a model: their required names and sizes, and their concatenated content. */
import { ClientError } from '@algo/contract';
import type { ModelJson, WeightGroup } from './model-json.js';

/** Names of the weight files in order. @throws ClientError E_MODEL for one that is not among `names`, or listed twice */
export function weightFiles(file: string, { weightsManifest }: ModelJson, names: readonly string[]): readonly string[] {
  const files = weightsManifest.flatMap(({ paths }) => paths.map(plainName));
  const known = new Set(names);
  const missing = files.find((name) => !known.has(name));
  const repeated = new Set(files).size < files.length;
  if (missing === undefined && !repeated) return files;
  if (missing === undefined) {
    const twice = files.find((name, index) => files.indexOf(name) !== index);
    throw new ClientError('E_MODEL', `${file} must list each weight file once; it lists "${twice}" again.`);
  }
  throw new ClientError(
    'E_MODEL',
    `${file}: weight file "${missing}" must be in the same folder; found ${names.join(', ')}. Put all files of the model at the top level of the archive.`,
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

/** @throws ClientError E_MODEL when the files of a group are not as long as its weights */
function checkSize(file: string, { paths, weights }: WeightGroup, parts: readonly Uint8Array[]): void {
  const received = parts.reduce((sum, part) => sum + part.length, 0);
  let at = 0;
  for (const { name, dtype, shape, quantization } of weights) {
    const count = shape.reduce((size, side) => size * side, 1);
    if (dtype === 'string') {
      if (quantization) throw new ClientError('E_MODEL', `${file}: text weight "${name}" cannot be quantized.`);
      at = endOfTexts(parts, at, count);
    } else {
      at += count * BYTES[quantization?.dtype ?? dtype];
    }
  }
  if (received === at) return;
  throw new ClientError(
    'E_MODEL',
    `${paths.join(', ')} must have ${at} bytes for the weights that ${file} lists; received ${received}. The model is damaged, or its files are from different models.`,
  );
}

/** Where `count` texts end that begin at `at`: each is its length as uint32 and its bytes. Stops beyond the last byte. */
function endOfTexts(parts: readonly Uint8Array[], at: number, count: number): number {
  const bytes =
    parts.length === 1 ? Buffer.from(parts[0]!.buffer, parts[0]!.byteOffset, parts[0]!.length) : Buffer.concat(parts);
  // Every text takes 4 bytes at least, so that a count that lies is seen before anything is walked through.
  if (at + 4 * count > bytes.length) return at + 4 * count;
  let end = at;
  for (let text = 0; text < count && end + 4 <= bytes.length; text++) end += 4 + bytes.readUInt32LE(end);
  return end;
}
