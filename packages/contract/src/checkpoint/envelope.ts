/**
 * The envelope of a checkpoint: the identity of its job, and a digest over everything.
 *
 *   [ mark | format: uint32 | length of the header: uint32 | header: JSON | content | SHA-256 of all before ]
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What must be the same in the job that resumes, by name: hyperparameters, digests of data. */
export type CheckpointIdentity = Readonly<Record<string, string>>;

/** The algorithm that writes the checkpoint. */
export interface CheckpointOwner {
  readonly name: string;
  readonly version: string;
}

/** What the header says of the job, besides its algorithm. */
export interface CheckpointSource {
  readonly identity: CheckpointIdentity;
  /** How many hosts it has; default: 1. */
  readonly hostCount?: number;
}

export type OpenedCheckpoint =
  /** `hostCount`: of the job that wrote it. */
  | { readonly kind: 'whole'; readonly content: Buffer; readonly hostCount: number }
  | { readonly kind: 'damaged' | 'foreign'; readonly reason: string };

/** Raised when a change makes older code misread the file. */
const FORMAT = 1;
const MARK = Buffer.from('SMCHECKPOINT');
const NUMBERS_END = MARK.length + 2 * Uint32Array.BYTES_PER_ELEMENT;
const DIGEST_BYTES = 32;

const headerSchema = z.object({
  algorithm: z.string(),
  version: z.string(),
  identity: z.record(z.string(), z.string()),
  /** Only where there were several. */
  hosts: z.int().min(2).optional(),
});

export function sealEnvelope(
  content: Uint8Array | string,
  owner: CheckpointOwner,
  { identity, hostCount = 1 }: CheckpointSource,
): Buffer {
  const header: z.input<typeof headerSchema> = {
    ...{ algorithm: owner.name, version: owner.version, identity },
    ...(hostCount > 1 && { hosts: hostCount }),
  };
  const text = Buffer.from(JSON.stringify(header));
  const numbers = Buffer.alloc(NUMBERS_END - MARK.length);
  numbers.writeUInt32LE(FORMAT);
  numbers.writeUInt32LE(text.length, Uint32Array.BYTES_PER_ELEMENT);
  const parts = [MARK, numbers, text, typeof content === 'string' ? Buffer.from(content) : content];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return Buffer.concat([...parts, hash.digest()]);
}

/** The content, if `file` is whole and of a job of this identity, on any number of hosts. */
export function openEnvelope(
  file: Buffer,
  owner: CheckpointOwner,
  { identity, hostCount = 1 }: CheckpointSource,
): OpenedCheckpoint {
  if (!file.subarray(0, MARK.length).equals(MARK)) {
    return damaged('it does not start like a checkpoint; older versions wrote checkpoints without a digest');
  }
  const end = file.length - DIGEST_BYTES;
  if (end < NUMBERS_END) return damaged(`it ends after ${file.length} bytes`);
  const digest = createHash('sha256').update(file.subarray(0, end)).digest();
  if (!digest.equals(file.subarray(end)))
    return damaged('it was truncated or changed after it was written (its digest differs)');
  const format = file.readUInt32LE(MARK.length);
  if (format > FORMAT) return foreign(`its format is ${format}, and this version reads formats up to ${FORMAT}`);
  const headerEnd = NUMBERS_END + file.readUInt32LE(MARK.length + Uint32Array.BYTES_PER_ELEMENT);
  const header = headerSchema.safeParse(parseHeader(file.subarray(NUMBERS_END, headerEnd)));
  if (!header.success || headerEnd > end) return damaged('its header is malformed');
  const { algorithm, version, identity: saved, hosts = 1 } = header.data;
  const reason =
    difference({ algorithm, version }, { algorithm: owner.name, version: owner.version }) ??
    difference(saved, identity);
  const others = hosts === hostCount ? '' : ` (it is of ${hostsOf(hosts)}, and this job has ${hostCount})`;
  if (reason !== undefined) return foreign(reason + others);
  return { kind: 'whole', content: file.subarray(headerEnd, end), hostCount: hosts };
}

export function hostsOf(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}

// --- internal ---

function damaged(reason: string): OpenedCheckpoint {
  return { kind: 'damaged', reason };
}

function foreign(reason: string): OpenedCheckpoint {
  return { kind: 'foreign', reason };
}

/** What is not the same; undefined where all is. A hyperparameter may have any name, also that of an object's own member. */
function difference(given: CheckpointIdentity, wanted: CheckpointIdentity): string | undefined {
  const [was, is] = [new Map(Object.entries(given)), new Map(Object.entries(wanted))];
  const name = [...was.keys(), ...is.keys()].find((key) => was.get(key) !== is.get(key));
  return name === undefined ? undefined : `"${name}" was ${was.get(name) ?? 'none'} and is ${is.get(name) ?? 'none'}`;
}

function parseHeader(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString());
  } catch {
    return undefined;
  }
}
