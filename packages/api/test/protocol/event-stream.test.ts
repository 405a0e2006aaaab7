import { expect, it } from 'vitest';
import { encodeEvents, encodeMessage } from '../../src/protocol/event-stream.js';

it('a message has the bytes of the vector that AWS’s own codecs are tested with', () => {
  const message = encodeMessage({ 'content-type': 'application/json' }, Buffer.from("{'foo':'bar'}"));

  // aws-c-event-stream, test_single_header: prelude, header, payload, checksum
  expect(message.toString('hex')).toBe(
    '0000003d0000002007fd83960c636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b27666f6f273a27626172277d8d9c08b1',
  );
});

it('a message without headers and payload is the 16 bytes of the frame', () => {
  expect(encodeMessage({}, Buffer.alloc(0)).toString('hex')).toBe('000000100000000005c248eb7d98c8ff');
});

it('a large payload becomes several events, none larger than clients take', () => {
  const events = encodeEvents('PayloadPart', Buffer.alloc(2.5 * 1024 * 1024));
  const sizes: number[] = [];
  for (let at = 0; at < events.length; at += sizes.at(-1)!) sizes.push(events.readUInt32BE(at));

  expect(sizes).toHaveLength(3);
  expect(Math.max(...sizes)).toBeLessThan(16 * 1024 * 1024);
  expect(sizes.reduce((sum, size) => sum + size)).toBe(events.length);
});
