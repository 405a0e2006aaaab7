/**
 * Frames of a WebSocket, the client's side. Libraries join the frames of a message; the platform passes each on as it is.
 * Source: RFC 6455, 5.2.
 */
import { randomBytes } from 'node:crypto';

export interface Frame {
  readonly opcode: number;
  /** FIN: the message is complete with it. */
  readonly isLast: boolean;
  readonly payload: Buffer;
}

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

const MAX_FRAME_BYTES = 25 * 1024 * 1024;
const MASK_BYTES = 4;

/** A frame as clients send it: masked. */
export function encodeFrame({ opcode, isLast, payload }: Frame): Buffer {
  const { length } = payload;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(2 + extended + MASK_BYTES + length);
  frame[0] = (isLast ? 0x80 : 0) | opcode;
  frame[1] = 0x80 | (extended === 0 ? length : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(length, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(length), 2);
  const mask = randomBytes(MASK_BYTES);
  mask.copy(frame, 2 + extended);
  const start = 2 + extended + MASK_BYTES;
  for (let i = 0; i < length; i++) frame[start + i] = payload[i]! ^ mask[i & 3]!;
  return frame;
}

/**
 * The frames that a server sends.
 * @throws Error for what a server must not send, or a frame that is too large
 */
export async function* readFrames(chunks: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let pending: Buffer[] = [];
  let bytes = 0;
  let wanted = 2;
  for await (const chunk of chunks) {
    pending.push(chunk);
    bytes += chunk.length;
    while (bytes >= wanted) {
      const all = pending.length === 1 ? pending[0]! : Buffer.concat(pending);
      const size = sizeOf(all);
      wanted = size.head + size.payload;
      pending = [all];
      if (size.isPartial || bytes < wanted) continue;
      yield { opcode: all[0]! & 0x0f, isLast: all[0]! >= 0x80, payload: all.subarray(size.head, wanted) };
      pending = [all.subarray(wanted)];
      bytes -= wanted;
      wanted = 2;
    }
  }
}

// --- internal ---

/** What is known of a frame's size by its first bytes; `isPartial` while its length has not come in full. */
function sizeOf(bytes: Buffer): { readonly head: number; readonly payload: number; readonly isPartial: boolean } {
  const short = bytes[1]!;
  if ((bytes[0]! & 0x70) !== 0 || short >= 0x80)
    throw new Error('The container sent a frame with reserved bits or a mask.');
  const head = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (bytes.length < head) return { head, payload: 0, isPartial: true };
  const payload = head === 2 ? short : head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
  if (payload > MAX_FRAME_BYTES) {
    throw new Error(`A frame of the container must have up to ${MAX_FRAME_BYTES} bytes; received ${payload}.`);
  }
  return { head, payload, isPartial: false };
}
