/** Streams of metadata at the edge of a conversation: with sockets that only note how they are closed. */
import { expect, it } from 'vitest';
import type { ConversationSocket } from '../../src/conversation/definition.js';
import { createMeter } from '../../src/serve/conversation/meter.js';

function socketOf(closes: number[]): ConversationSocket {
  return {
    incoming: { next: () => new Promise<never>(() => {}), return: async () => {} },
    send: async () => {},
    close: ({ code }) => void closes.push(code),
    destroy: () => {},
    closed: new Promise(() => {}),
  };
}

it('a stream of metadata that is open only after its conversation is closed', () => {
  const closes: number[] = [];
  const meter = createMeter(1);
  meter.close();
  meter.attach(socketOf(closes));

  expect(closes).toEqual([1000]);
});

it('a second stream of metadata takes the place of the first, which is closed', () => {
  const [first, second]: [number[], number[]] = [[], []];
  const meter = createMeter(1);
  meter.attach(socketOf(first));
  meter.attach(socketOf(second));
  expect([first, second]).toEqual([[1000], []]);

  meter.close();
  expect([first, second]).toEqual([[1000], [1000]]);
});
