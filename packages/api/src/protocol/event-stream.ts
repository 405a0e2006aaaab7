/**
 * Messages of AWS's event stream (application/vnd.amazon.eventstream), as InvokeEndpointWithResponseStream answers:
 *
 *     total length | length of headers | CRC-32 of both | headers | payload | CRC-32 of all before
 *       4 bytes          4 bytes            4 bytes                             4 bytes
 *
 * A header is its name's length (1 byte), the name, the type (1 byte; 7 is a string), the value's length (2 bytes), the
 * value. Source: Smithy specification, "Amazon Event Stream".
 */
import { crc32 } from 'node:zlib';

const STRING_TYPE = 7;
const FRAME_BYTES = 16;
/** SDKs refuse a payload of more than 16 MiB. */
const MAX_PAYLOAD_BYTES = 1024 * 1024;

/** The bytes as events of that type; a large payload becomes several. */
export function encodeEvents(type: string, payload: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < payload.length || parts.length === 0; at += MAX_PAYLOAD_BYTES) {
    const part = payload.subarray(at, at + MAX_PAYLOAD_BYTES);
    const headers = { ':event-type': type, ':content-type': 'application/octet-stream', ':message-type': 'event' };
    parts.push(encodeMessage(headers, part));
  }
  return Buffer.concat(parts);
}

/** An error within a stream whose head has been sent. */
export function encodeException(type: string, members: object): Buffer {
  const headers = { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' };
  return encodeMessage(headers, Buffer.from(JSON.stringify(members)));
}

/** The service's own failure in the middle of a stream: here, that it is being ended. */
export function encodeClosing(): Buffer {
  return encodeException('InternalStreamFailure', { Message: 'The server was closed during this stream.' });
}

/** One message; headers are strings. */
export function encodeMessage(headers: Readonly<Record<string, string>>, payload: Buffer): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const message = Buffer.alloc(FRAME_BYTES + head.length + payload.length);
  message.writeUInt32BE(message.length, 0);
  message.writeUInt32BE(head.length, 4);
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8);
  head.copy(message, 12);
  payload.copy(message, 12 + head.length);
  message.writeUInt32BE(crc32(message.subarray(0, -4)), message.length - 4);
  return message;
}

// --- internal ---

function encodeHeader(name: string, value: string): Buffer {
  const [nameBytes, valueBytes] = [Buffer.from(name), Buffer.from(value)];
  const lengths = Buffer.alloc(2);
  lengths.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([STRING_TYPE]), lengths, valueBytes]);
}
