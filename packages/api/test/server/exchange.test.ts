import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Exchange, readBody } from '../../src/server/exchange.js';

/** A request whose body the test sends by `push`. */
function incomingRequest(): IncomingMessage {
  return new IncomingMessage(new Socket());
}

function read(incoming: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return readBody({ incoming } as Exchange, maxBytes);
}

describe('readBody', () => {
  it.each([
    [[], ''],
    [['whole'], 'whole'],
    [['in ', 'two'], 'in two'],
  ])('joins the chunks %j, up to the limit', async (chunks, whole) => {
    const incoming = incomingRequest();

    const body = read(incoming, whole.length);
    for (const chunk of chunks) incoming.push(chunk);
    incoming.push(null);

    expect((await body).toString()).toBe(whole);
  });

  it('refuses a body as soon as it is over the limit, and leaves the connection for the answer', async () => {
    const incoming = incomingRequest();

    const body = read(incoming, 5);
    incoming.push('123');
    incoming.push('456');

    await expect(body).rejects.toMatchObject({ status: 413, message: expect.stringContaining('more than 5') });
    expect(incoming.destroyed).toBe(false);
  });

  it('refuses a body whose length is announced over the limit, and reads none of it', async () => {
    const incoming = incomingRequest();
    incoming.headers['content-length'] = '6';

    await expect(read(incoming, 5)).rejects.toMatchObject({ status: 413 });
    expect(incoming.readableFlowing).toBe(null);
  });

  it('fails when the client leaves before the end of its body', async () => {
    const incoming = incomingRequest();

    const body = read(incoming, 5);
    incoming.push('123');
    incoming.destroy();

    await expect(body).rejects.toThrow('has left');
    await expect(read(incoming, 5)).rejects.toThrow('has left');
  });
});
