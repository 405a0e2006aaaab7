/**
 * Checkpoints: the state of training between two steps, in one file, so that its parts never disagree. A job that
 * resumes from one ends with the same model, byte for byte, as an uninterrupted one on the same backend.
 *
 *   [ length of the header: uint32 | header: JSON | weights … | moments … | best weights … ]   little-endian float32
 */
import { ClientError, type HistoryEntry } from '@algo/contract';
import { z } from 'zod';
import type { NetworkDefinition, Weights } from '../network/definition.js';
import { sizeOf, weightDefinitions } from '../network/weights.js';
import type { TrainerState } from '../training/trainer.js';

export const CHECKPOINT_FILE = 'neural-network-checkpoint.bin';
const HEADER_START = Uint32Array.BYTES_PER_ELEMENT;

/** How far an epoch is. */
export interface EpochProgress {
  readonly batches: number;
  /** Sum of the losses that were taken from the device. */
  readonly loss: number;
  /** Sum of the rows' weights. */
  readonly weight: number;
}

/** Everything a run knows after a step. */
export interface RunState {
  readonly trainer: TrainerState;
  /** Of the epoch after those of the history; undefined before its first batch. */
  readonly progress?: EpochProgress | undefined;
  readonly history: readonly HistoryEntry[];
  readonly best: { readonly epoch: number; readonly value: number; readonly weights: Weights } | undefined;
}

export function encodeCheckpoint({ trainer, progress, history, best }: RunState): Uint8Array {
  const header: z.input<typeof headerSchema> = {
    format: FORMAT,
    step: trainer.step,
    ...(progress && { progress }),
    ...(trainer.lossSum !== undefined && { lossSum: trainer.lossSum }),
    moments: trainer.moments.map(({ length }) => length),
    history: history.map((entry) => ({ ...entry })),
    ...(best && { best: { epoch: best.epoch, value: best.value } }),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(HEADER_START);
  length.writeUInt32LE(text.length);
  const arrays = [...trainer.weights.values(), ...trainer.moments, ...(best?.weights.values() ?? [])];
  const parts = arrays.map((values) => Buffer.from(values.buffer, values.byteOffset, values.byteLength));
  return Buffer.concat([length, text, ...parts]);
}

/** @throws ClientError E_MODEL when it is damaged */
export function decodeCheckpoint(content: Uint8Array, definition: NetworkDefinition): RunState {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const start = HEADER_START + (bytes.length >= HEADER_START ? bytes.readUInt32LE() : 0);
  const parsed = headerSchema.safeParse(parseHeader(bytes.subarray(HEADER_START, start)));
  if (!parsed.success) throw damaged(z.prettifyError(parsed.error));
  const { step, lossSum, progress, moments, history, best } = parsed.data;
  const read = createReader(bytes.subarray(start));
  const weights = (): Weights =>
    new Map(weightDefinitions(definition).map(({ name, shape }) => [name, read(sizeOf(shape))]));
  const trainer = { step, weights: weights(), moments: moments.map((count) => read(count)), lossSum };
  const state = { trainer, progress, history, best: best && { ...best, weights: weights() } };
  if (read.left() > 0) throw damaged(`${read.left()} bytes follow its end`);
  return state;
}

// --- internal ---

/**
 * Raised when a change makes older code misread the file. 1 was only made between epochs, and 2 repeated the identity of
 * the job, which the SDK keeps with every checkpoint; both read as the others.
 */
const FORMAT = 3;

const headerSchema = z.object({
  format: z.int().min(1).max(FORMAT),
  step: z.int().min(0),
  progress: z.object({ batches: z.int().min(1), loss: z.number(), weight: z.number() }).optional(),
  lossSum: z.number().optional(),
  moments: z.array(z.int().min(1)),
  history: z.array(z.record(z.string(), z.number())),
  best: z.object({ epoch: z.int(), value: z.number() }).optional(),
});

function parseHeader(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}

/** Reads arrays one after the other. */
function createReader(bytes: Buffer) {
  let at = 0;
  const read = (count: number): Float32Array => {
    const end = at + count * Float32Array.BYTES_PER_ELEMENT;
    if (end > bytes.length) throw damaged(`it is ${end - bytes.length} bytes too short`);
    // A copy, since numbers behind a text may start at an odd address.
    const values = new Float32Array(new Uint8Array(bytes.subarray(at, end)).buffer);
    at = end;
    return values;
  };
  return Object.assign(read, { left: () => bytes.length - at });
}

function damaged(reason: string): ClientError {
  return new ClientError('E_MODEL', `${CHECKPOINT_FILE} is not a checkpoint: ${reason}.`);
}
