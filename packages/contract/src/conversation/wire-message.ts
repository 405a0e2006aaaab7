/** Messages as algorithms have them, and as they travel between the socket and the process that answers them. */
import { AlgorithmError } from '../errors.js';

/** Text or bytes: a whole message, as the other side sent it or gets it. */
export type Message = string | Uint8Array;

/** A part of a message that is sent as it is made. The parts of a message are all text or all bytes. */
export interface MessagePart {
  readonly part: Message;
  /** Whether the message is complete with it. */
  readonly isLast: boolean;
}

/** A message, or a part of one. */
export interface WireMessage {
  readonly bytes: Uint8Array;
  /** UTF-8. */
  readonly isText: boolean;
  /** Whether the message is complete with it. */
  readonly isLast: boolean;
  /** What the window of a flow counts: its bytes and what it takes besides, so that no number of empty messages is free. */
  readonly length: number;
}

/** The objects around a message. */
const OVERHEAD_BYTES = 128;

export function wireMessage(bytes: Uint8Array, isText: boolean, isLast = true): WireMessage {
  return { bytes, isText, isLast, length: bytes.length + OVERHEAD_BYTES };
}

/** What the algorithm gets of a whole message. */
export function toMessage({ bytes, isText }: WireMessage): Message {
  return isText ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8') : bytes;
}

/** Makes wire messages of what `converse` yields, in order. */
export function createMessageWriter(): (given: Message | MessagePart) => WireMessage {
  /** Whether the message that is not complete is text. */
  let open: boolean | undefined;
  return (given) => {
    const { part, isLast } = isPart(given) ? given : { part: given, isLast: true };
    const isText = typeof part === 'string';
    if (!isText && !(part instanceof Uint8Array)) throw broken(`a text or bytes; received ${typeof part}`);
    if (open !== undefined && !isPart(given)) throw broken('the rest of the message that it has begun');
    if (open !== undefined && open !== isText) throw broken(`${open ? 'text' : 'bytes'}, as the message's first part`);
    open = isLast ? undefined : isText;
    return wireMessage(isText ? Buffer.from(part, 'utf8') : part, isText, isLast);
  };
}

// --- internal ---

function isPart(given: Message | MessagePart): given is MessagePart {
  return typeof given === 'object' && given !== null && 'part' in given;
}

function broken(rule: string): AlgorithmError {
  return new AlgorithmError('E_ALGORITHM', `converse: what it yields must be ${rule}.`);
}
