/** A file of a batch transform as the bodies of its requests: whole, or its records packed. */
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { type ExecutionParameters, MAX_IN_FLIGHT_MB } from '../endpoint/execution-parameters.js';
import { DataError, reasonOf } from '../errors.js';
import { openInput, type TreeFile } from '../files/file-tree.js';
import type { BodyMemory } from './body-memory.js';
import { createPacker, type Payload } from './record-pack.js';
import { lineSplitter, type RecordSplitter, recordIoSplitter, type SplitType } from './record-split.js';
import { createTfRecordSplitter } from './tf-record.js';

export interface PayloadOptions {
  readonly parameters: ExecutionParameters;
  readonly splitType: SplitType;
  readonly isGzip: boolean;
  /** That of the bodies. */
  readonly memory: BodyMemory;
}

export const BYTES_PER_MB = 1024 * 1024;

/** The request bodies of a file, in order. */
export async function* payloadsOf(
  file: TreeFile,
  { parameters, splitType, isGzip, memory }: PayloadOptions,
): AsyncGenerator<Payload> {
  const { maxPayloadInMB, batchStrategy } = parameters;
  const maxBytes = maxBytesOf(parameters);
  if (splitType === 'None') {
    yield await readWhole(openInput(file.path, isGzip), file, maxBytes, maxPayloadInMB);
    return;
  }
  const splitter = await splitterOf(splitType);
  const isSingle = batchStrategy === 'SingleRecord';
  const packer = createPacker({ splitter, maxBytes, isSingle, file: file.key, memory });
  const input = isGzip ? openInput(file.path, isGzip) : piecesOf(file.path);
  for await (const chunk of chunksOf(input, file)) yield* packer.push(chunk);
  yield* packer.finish();
}

/** In a request. MaxPayloadInMB 0 where records are needed: the largest payload there is. */
export function maxBytesOf({ maxPayloadInMB }: ExecutionParameters): number {
  return (maxPayloadInMB || MAX_IN_FLIGHT_MB) * BYTES_PER_MB;
}

// --- internal ---

async function splitterOf(splitType: Exclude<SplitType, 'None'>): Promise<RecordSplitter> {
  if (splitType === 'TFRecord') return createTfRecordSplitter();
  return splitType === 'Line' ? lineSplitter : recordIoSplitter;
}

async function readWhole(input: Readable, file: TreeFile, maxBytes: number, maxPayloadInMB: number): Promise<Payload> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(input, file)) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      const limit =
        maxPayloadInMB === 0 ? `${MAX_IN_FLIGHT_MB} MB for DataProcessing` : `MaxPayloadInMB ${maxPayloadInMB}`;
      const advice = maxPayloadInMB === 0 ? '' : ', or raise MaxPayloadInMB (0: no limit)';
      throw new DataError(
        `${file.key}: with SplitType None a whole file must fit in ${limit}; it is larger. Choose SplitType Line${advice}.`,
      );
    }
    chunks.push(chunk);
  }
  return { bytes: Buffer.concat(chunks, bytes), recordCount: 1, blankCount: 0, first: 1, isFirst: true };
}

/** Of a read; the system takes longer for more smaller ones. */
const PIECE_BYTES = 1024 * 1024;

/**
 * The bytes of a file, each piece until the next is asked for: all are read into the same memory, as the packer copies what
 * it gets. Memory of their own for each would be collected again and again, which takes longer than the reading.
 */
async function* piecesOf(path: string): AsyncGenerator<Buffer> {
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  await using input = await open(path);
  for (;;) {
    const { bytesRead } = await input.read(piece);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
  }
}

async function* chunksOf(input: AsyncIterable<Buffer>, file: TreeFile): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of input) yield chunk;
  } catch (error) {
    throw new DataError(`${file.key} could not be read: ${reasonOf(error)}.`, { cause: error });
  }
}
