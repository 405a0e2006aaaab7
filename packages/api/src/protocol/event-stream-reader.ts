/**
 * Reads messages of AWS's event stream (see event-stream.ts) as they come in a request. SDKs sign each event: they send it as
 * the payload of another message, whose headers are `:date` and `:chunk-signature`, and at the end one without payload. What
 * is inside is read, signatures are not verified. Source: Smithy specification, "Amazon Event Stream"; Transcribe's developer
 * guide, "Event stream encoding".
 */
import { crc32 } from 'node:zlib';
import { ServiceError } from '../service-error.js';

export interface EventMessage {
  /** Those whose values are texts, by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** SDKs refuse a payload of more than 16 MiB. */
const MAX_MESSAGE_BYTES = 25 * 1024 * 1024;
const PRELUDE_BYTES = 12;
const CRC_BYTES = 4;

/**
 * The events of a request, without their envelopes.
 * @throws ServiceError InputValidationError for what is no event stream, or ends in the middle of a message
 */
export async function* readEvents(chunks: AsyncIterable<Buffer>): AsyncGenerator<EventMessage> {
  for await (const { message, isSigned } of readMessages(chunks)) {
    if (!isSigned) yield message;
    else if (message.payload.length > 0) yield decodeMessage(message.payload).message;
  }
}

// --- internal ---

interface Decoded {
  readonly message: EventMessage;
  readonly isSigned: boolean;
}

async function* readMessages(chunks: AsyncIterable<Buffer>): AsyncGenerator<Decoded> {
  let pending: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    pending.push(chunk);
    bytes += chunk.length;
    while (bytes >= PRELUDE_BYTES) {
      if (pending[0]!.length < PRELUDE_BYTES) pending = [Buffer.concat(pending)];
      const length = lengthOf(pending[0]!);
      if (bytes < length) break;
      const all = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
      yield decodeMessage(all.subarray(0, length));
      pending = [all.subarray(length)];
      bytes -= length;
    }
  }
  if (bytes > 0) throw malformed(`it ends ${bytes} bytes after the start of a message`);
}

function lengthOf(prelude: Buffer): number {
  const length = prelude.readUInt32BE(0);
  if (length >= PRELUDE_BYTES + CRC_BYTES && length <= MAX_MESSAGE_BYTES) return length;
  throw malformed(`a message must have 16 to ${MAX_MESSAGE_BYTES} bytes; received ${length}`);
}

function decodeMessage(bytes: Buffer): Decoded {
  if (bytes.length < PRELUDE_BYTES + CRC_BYTES || lengthOf(bytes) !== bytes.length) {
    throw malformed('the length of a message within an envelope is not that of its payload');
  }
  const headerBytes = bytes.readUInt32BE(4);
  const end = bytes.length - CRC_BYTES;
  const isWhole = bytes.readUInt32BE(8) === crc32(bytes.subarray(0, 8)) && PRELUDE_BYTES + headerBytes <= end;
  if (!isWhole || bytes.readUInt32BE(end) !== crc32(bytes.subarray(0, end))) {
    throw malformed('a checksum of a message is wrong');
  }
  const { headers, names } = decodeHeaders(bytes.subarray(PRELUDE_BYTES, PRELUDE_BYTES + headerBytes));
  const payload = bytes.subarray(PRELUDE_BYTES + headerBytes, end);
  return { message: { headers, payload }, isSigned: names.has(':chunk-signature') };
}

/** Bytes of the values by type: true, false, byte, short, int, long, bytes, string, timestamp, UUID; the two by their length. */
const VALUE_BYTES = [0, 0, 1, 2, 4, 8, -1, -1, 8, 16] as const;
const STRING_TYPE = 7;

function decodeHeaders(bytes: Buffer) {
  const headers: Record<string, string> = {};
  const names = new Set<string>();
  let at = 0;
  while (at < bytes.length) {
    const nameBytes = bytes[at]!;
    const name = bytes.toString('utf8', at + 1, at + 1 + nameBytes);
    at += 1 + nameBytes;
    const type = bytes[at] ?? -1;
    const fixed = VALUE_BYTES[type];
    const isLong = fixed === -1 && at + 3 <= bytes.length;
    const length = isLong ? bytes.readUInt16BE(at + 1) : fixed;
    at += isLong ? 3 : 1;
    if (length === undefined || length < 0 || at + length > bytes.length) throw malformed('a header is cut off');
    if (type === STRING_TYPE) headers[name] = bytes.toString('utf8', at, at + length);
    names.add(name);
    at += length;
  }
  return { headers, names };
}

function malformed(problem: string): ServiceError {
  return new ServiceError('InputValidationError', `The body must be an event stream; ${problem}.`);
}
