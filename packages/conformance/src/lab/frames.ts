/** Frames of a WebSocket as bytes: those that the platform sends, and those that a container answers with. RFC 6455 section 5.2. */

export const OPERATION = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export interface Frame {
  readonly isLast: boolean;
  readonly operation: number;
  /** Frames of a server must not be. */
  readonly isMasked: boolean;
  readonly payload: Buffer;
}

/** Of a client: masked with zeros, which change nothing. @param isLast the message ends with it */
export function clientFrame(operation: number, content: string | Buffer, isLast = true): Buffer {
  const payload = typeof content === 'string' ? Buffer.from(content) : content;
  const [length, more] = payload.length < LENGTH_16 ? [payload.length, []] : [LENGTH_16, bytesOf(payload.length)];
  const head = [(isLast ? LAST : 0) | operation, MASKED | length, ...more, 0, 0, 0, 0];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The whole frames at the beginning of what was received. @param received as Latin-1 */
export function readFrames(received: string): readonly Frame[] {
  const bytes = Buffer.from(received, 'latin1');
  const frames: Frame[] = [];
  for (let at = 0; at + 2 <= bytes.length; ) {
    const [first = 0, second = 0] = bytes.subarray(at, at + 2);
    const short = second & 0x7f;
    const lengthBytes = short === LENGTH_64 ? 8 : short === LENGTH_16 ? 2 : 0;
    const isMasked = (second & MASKED) !== 0;
    const start = at + 2 + lengthBytes + (isMasked ? 4 : 0);
    if (start > bytes.length) break;
    const length = lengthBytes === 0 ? short : Number.parseInt(bytes.toString('hex', at + 2, at + 2 + lengthBytes), 16);
    if (start + length > bytes.length) break;
    const payload = bytes.subarray(start, start + length);
    frames.push({ isLast: (first & LAST) !== 0, operation: first & 0x0f, isMasked, payload });
    at = start + length;
  }
  return frames;
}

// --- internal ---

const LAST = 0x80;
const MASKED = 0x80;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

function bytesOf(length: number): readonly number[] {
  return [length >> 8, length & 0xff];
}
