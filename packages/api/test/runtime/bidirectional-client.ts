/**
 * A client of InvokeEndpointWithBidirectionalStream as SDKs are one: HTTP/2 without TLS from its first byte, each event in a
 * signed envelope, by the SDK's own codec.
 */
import { connect, type IncomingHttpHeaders } from 'node:http2';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { onTestFinished } from 'vitest';

export interface Said {
  /** PayloadPart, or the name of an exception. */
  readonly type: string;
  readonly dataType?: string;
  readonly state?: string;
  readonly text: string;
}

export interface Client {
  /** Of the answer. */
  readonly head: Promise<IncomingHttpHeaders>;
  say(text: string | Uint8Array, headers?: Readonly<Record<string, string>>): void;
  /** Ends the request stream. */
  end(): void;
  /** Cuts the stream. */
  leave(): void;
  write(bytes: Uint8Array): void;
  /** Settles when the connection has taken the part. */
  sent(bytes: Uint8Array): Promise<void>;
  /** The next event; undefined at the end of the stream. */
  next(): Promise<Said | undefined>;
  /** The body of an answer that is no stream. */
  body(): Promise<string>;
}

export const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
);

/** An event as SDKs sign it. */
export function signed(inner: Uint8Array): Uint8Array {
  const headers = {
    ':date': { type: 'timestamp', value: new Date(0) },
    ':chunk-signature': { type: 'binary', value: Buffer.alloc(32, 7) },
  } as const;
  return codec.encode({ headers, body: inner });
}

export function payloadPart(bytes: Uint8Array, headers: Readonly<Record<string, string>> = {}): Uint8Array {
  const all = { ':message-type': 'event', ':event-type': 'PayloadPart', ...headers };
  const texts = Object.entries(all).map(([name, value]) => [name, { type: 'string', value }] as const);
  return codec.encode({ headers: Object.fromEntries(texts), body: bytes });
}

export function openClient(url: string, endpoint: string, headers: Readonly<Record<string, string>> = {}): Client {
  const session = connect(url);
  session.on('error', () => {});
  onTestFinished(() => session.destroy());
  const path = `/endpoints/${endpoint}/invocations-bidirectional-stream`;
  const stream = session.request({ ':method': 'POST', ':path': path, ...headers }, { endStream: false });
  stream.on('error', () => {});
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  let pending = Buffer.alloc(0);
  const read = async (bytes: number) => {
    while (pending.length < bytes) {
      const { value, done } = await chunks.next();
      if (done) return undefined;
      pending = Buffer.concat([pending, value]);
    }
    const taken = pending.subarray(0, bytes);
    pending = pending.subarray(bytes);
    return taken;
  };
  return {
    head: new Promise((resolve) => stream.once('response', resolve)),
    say: (text, parts) => void stream.write(signed(payloadPart(Buffer.from(text), parts))),
    end() {
      stream.end(signed(Buffer.alloc(0)));
    },
    leave: () => stream.close(8), // RFC 9113, 7: CANCEL
    write: (bytes) => void stream.write(bytes),
    sent: (bytes) => new Promise((resolve) => stream.write(signed(payloadPart(bytes)), () => resolve())),
    async next() {
      const length = await read(4);
      if (!length) return undefined;
      const rest = await read(length.readUInt32BE() - 4);
      const { headers: found, body } = codec.decode(Buffer.concat([length, rest!]));
      const text = (name: string) => found[name]?.value as string | undefined;
      return {
        type: text(':event-type') ?? text(':exception-type')!,
        ...(text('DataType') !== undefined && { dataType: text('DataType')! }),
        ...(text('CompletionState') !== undefined && { state: text('CompletionState')! }),
        text: Buffer.from(body).toString(),
      };
    },
    async body() {
      let all = '';
      for (let chunk = await chunks.next(); !chunk.done; chunk = await chunks.next()) all += chunk.value;
      return all;
    },
  };
}
