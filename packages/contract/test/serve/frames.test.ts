/** Messages between processes: whole and in order, however the stream cuts them. */
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrayTarget, FrameReader, piecesTarget, writeFrame } from '../../src/serve/frames.js';
import { joined, PieceList } from '../../src/serve/pieces.js';
import { anyText } from '../any-text.js';

interface Message {
  readonly head: { readonly id: number; readonly name: string };
  readonly body: readonly Uint8Array[];
}

const messages = fc.array(
  fc.record({
    head: fc.record({ id: fc.nat(), name: anyText(400) }),
    body: fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }),
  }),
  { maxLength: 6 },
);

/** What the messages are on the stream. */
function written(sent: readonly Message[]): Buffer {
  const stream = new PassThrough({ highWaterMark: 2 ** 20 });
  for (const { head, body } of sent) writeFrame(stream, head, body);
  return stream.read() ?? Buffer.alloc(0);
}

const expected = (sent: readonly Message[]) =>
  sent.map(({ head, body }) => [head, Buffer.concat(body).toString('hex')]);

describe('messages of a stream', () => {
  it('are read whole and in order wherever the stream is cut', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 500 }), (sent, cut) => {
        const bytes = written(sent);
        const received: unknown[] = [];
        const reader = new FrameReader<object, readonly Uint8Array[]>(piecesTarget, (head, body) => {
          received.push([head, Buffer.concat(body).toString('hex')]);
        });

        for (let at = 0; at < bytes.length; at += cut) reader.push(bytes.subarray(at, at + cut));

        expect(received).toEqual(expected(sent));
      }),
    );
  });

  it('are the same when bodies are read right into their arrays', () => {
    fc.assert(
      fc.property(messages, fc.integer({ min: 1, max: 500 }), (sent, cut) => {
        const bytes = written(sent);
        const received: unknown[] = [];
        const reader = new FrameReader<object, Uint8Array>(
          (length) => arrayTarget(Buffer.alloc(length)),
          (head, body) => {
            received.push([head, Buffer.from(body).toString('hex')]);
          },
        );

        for (let at = 0; at < bytes.length; ) {
          const target = reader.rest();
          const piece = bytes.subarray(at, at + Math.min(cut, target?.length ?? cut));
          at += piece.length;
          if (target) {
            target.set(piece);
            reader.filled(piece.length);
          } else reader.push(piece);
        }

        expect(received).toEqual(expected(sent));
      }),
    );
  });
});

describe('pieces of a body', () => {
  it('are together what was added, and few when they are small', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 40 }), (sizes) => {
        const list = new PieceList();
        const added = sizes.map((size, index) => new Uint8Array(size).fill(index + 1));
        for (const piece of added) list.add(piece);

        const pieces = list.finish();

        expect(Buffer.from(joined(pieces)).equals(Buffer.concat(added))).toBe(true);
        const large = sizes.filter((size) => size >= 4096).length;
        const smallBytes = sizes.filter((size) => size < 4096).reduce((sum, size) => sum + size, 0);
        expect(pieces.length).toBeLessThanOrEqual(2 * large + 2 + Math.ceil(smallBytes / (12 * 1024)));
      }),
    );
  });

  it('are the very ones that were added when they are large', () => {
    const list = new PieceList();
    const added = [new Uint8Array(65536), new Uint8Array(65536)];
    for (const piece of added) list.add(piece);

    const pieces = list.finish();

    expect(pieces[0]).toBe(added[0]);
    expect(pieces[1]).toBe(added[1]);
  });
});
