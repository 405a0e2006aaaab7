/** Frames of a WebSocket as bytes. */
import { describe, expect, it } from 'vitest';
import { clientFrame, OPERATION, readFrames } from '../src/lab/frames.js';

const latin1 = (...bytes: readonly number[]) => Buffer.from(bytes).toString('latin1');

describe('frames', () => {
  it('of a client are read as they were written, one after the other', () => {
    const long = 'é'.repeat(5000);
    const bytes = Buffer.concat([
      clientFrame(OPERATION.text, 'first', false),
      clientFrame(OPERATION.continuation, long),
      clientFrame(OPERATION.close, Buffer.from([3, 0xe8])),
    ]);

    expect(readFrames(bytes.toString('latin1'))).toEqual([
      { isLast: false, operation: 1, isMasked: true, payload: Buffer.from('first') },
      { isLast: true, operation: 0, isMasked: true, payload: Buffer.from(long) },
      { isLast: true, operation: 8, isMasked: true, payload: Buffer.from([3, 0xe8]) },
    ]);
  });

  it('of a server may have a length of 64 bits', () => {
    const [frame] = readFrames(latin1(0x82, 127, 0, 0, 0, 0, 0, 0, 0, 2, 5, 6));

    expect(frame).toEqual({ isLast: true, operation: 2, isMasked: false, payload: Buffer.from([5, 6]) });
  });

  it.each([[latin1(0x81)], [latin1(0x81, 126, 0)], [latin1(0x81, 0x85, 0, 0, 0)], [latin1(0x81, 2, 65)]])(
    'that have not come as a whole are none: %j',
    (received) => {
      expect(readFrames(received)).toEqual([]);
    },
  );
});
