/** Bidirectional streams between a client of HTTP/2 and a container's WebSocket, over the server that all services share. */
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { openClient, payloadPart, signed } from './bidirectional-client.js';
import { echo, start } from './bidirectional-server.js';

/** Together more than the buffers between the two sides. */
const PARTS = 200;

const PART = Buffer.alloc(256 * 1024, 'x');

/** Waits until the number stays the same while the server answers other requests. */
async function untilHeld(url: string, count: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 20; ) {
    await (await fetch(url)).arrayBuffer();
    same = count() === before ? same + 1 : 0;
    before = count();
  }
}

describe('a bidirectional stream', () => {
  it('passes texts and bytes both ways, one part as one message', async () => {
    const { url } = await start(echo);
    const client = openClient(url, 'end');
    client.say('grüße', { DataType: 'UTF8' });
    client.say(Buffer.of(1, 2));
    client.say('again', { DataType: 'BINARY', CompletionState: 'COMPLETE', P: 'padding' });

    expect(await client.head).toMatchObject({
      ':status': 200,
      'content-type': 'application/vnd.amazon.eventstream',
      'x-amzn-invoked-production-variant': 'AllTraffic',
    });
    expect(await client.next()).toEqual({ type: 'PayloadPart', dataType: 'UTF8', state: 'COMPLETE', text: 'grüße' });
    expect(await client.next()).toMatchObject({ dataType: 'BINARY', text: '\x01\x02' });
    expect(await client.next()).toMatchObject({ dataType: 'BINARY', text: 'again' });
  });

  it('passes partial parts on as frames without FIN, and frames without FIN as partial parts', async () => {
    const { url } = await start((socket) => {
      socket.on('message', (data) => {
        socket.send(`${data} `, { fin: false });
        socket.send('in ', { fin: false });
        socket.send('parts', { fin: true });
      });
    });
    const client = openClient(url, 'end');
    client.say('one ', { DataType: 'UTF8', CompletionState: 'PARTIAL' });
    client.say('message', { DataType: 'UTF8' });

    const said = [await client.next(), await client.next(), await client.next()];

    expect(said.map((part) => [part?.dataType, part?.state, part?.text])).toEqual([
      ['UTF8', 'PARTIAL', 'one message '],
      ['UTF8', 'PARTIAL', 'in '],
      ['UTF8', 'COMPLETE', 'parts'],
    ]);
  });

  it('opens the path and query that the client asks for, and the usual path without', async () => {
    const { url } = await start((socket, request) => socket.send(request.url!));
    const asked = {
      'x-amzn-sagemaker-model-invocation-path': 'v1/talk',
      'x-amzn-sagemaker-model-query-string': 'language=de&pace=1.5',
    };

    expect(await openClient(url, 'end', asked).next()).toMatchObject({ text: '/v1/talk?language=de&pace=1.5' });
    expect(await openClient(url, 'end').next()).toMatchObject({ text: '/invocations-bidirectional-stream' });
  });

  it('ends when the container closes normally, after what it has said', async () => {
    const { url } = await start((socket) => {
      socket.send('bye');
      socket.close(1000);
    });
    const client = openClient(url, 'end');

    expect(await client.next()).toMatchObject({ text: 'bye' });
    expect(await client.next()).toBeUndefined();
  });

  it.each([
    ['with another code', (socket: WebSocket) => socket.close(1008, 'no number'), /primary: .* code 1008: no number/],
    ['without a close', (socket: WebSocket) => socket.terminate(), /code 1006: The connection was closed without/],
    [
      'with a frame that a server must not send',
      (socket: WebSocket) =>
        (socket as unknown as { _socket: { write(data: Buffer): void } })._socket.write(Buffer.of(0xf1, 0)),
      /reserved bits or a mask/,
    ],
  ])('that the container ends %s is a ModelStreamError', async (_, end, message) => {
    const { url } = await start(end);
    const client = openClient(url, 'end');
    const said = (await client.next())!;

    expect(said.type).toBe('ModelStreamError');
    expect(JSON.parse(said.text)).toEqual({ ErrorCode: 'StreamBroken', Message: expect.stringMatching(message) });
    expect(await client.next()).toBeUndefined();
  });

  it('whose container ends with the server is an InternalStreamFailure', async () => {
    const opened = Promise.withResolvers<WebSocket>();
    const { url, closing } = await start(opened.resolve);
    const client = openClient(url, 'end');
    const container = await opened.promise;
    closing.abort();
    container.terminate();

    expect(await client.next()).toMatchObject({
      type: 'InternalStreamFailure',
      text: expect.stringContaining('closed'),
    });
    expect(await client.next()).toBeUndefined();
  });

  it.each([
    ['ends its stream', 1000, 'end'],
    ['leaves', 1001, 'leave'],
  ] as const)('whose client %s closes the WebSocket with %i', async (_, code, way) => {
    const closed = Promise.withResolvers<number>();
    const { url, server } = await start((socket) => {
      socket.send('hello');
      socket.on('close', closed.resolve);
    });
    const client = openClient(url, 'end');
    await client.next();
    client[way]();

    expect(await closed.promise).toBe(code);
    await server.inFlight.ended(new AbortController().signal);
    if (way === 'end') expect(await client.next()).toBeUndefined();
  });

  it('that takes too long is a ModelStreamError that says so', async () => {
    const { url } = await start(() => {}, { timeoutMs: 1000 });
    const said = (await openClient(url, 'end').next())!;

    expect(said.type).toBe('ModelStreamError');
    expect(JSON.parse(said.text)).toMatchObject({ ErrorCode: 'ModelInvocationTimeExceeded' });
  });

  it('continues while pings are answered, and ends after five that are not', async () => {
    const answering = await start(
      (socket) => {
        let pings = 0;
        socket.on('ping', () => ++pings === 8 && socket.send('alive'));
      },
      { pingMs: 5 },
    );
    const silent = await start(() => {}, { pingMs: 5, autoPong: false });

    expect(await openClient(answering.url, 'end').next()).toMatchObject({ text: 'alive' });
    expect(await openClient(silent.url, 'end').next()).toMatchObject({
      type: 'ModelStreamError',
      text: expect.stringContaining('none of the last 5 pings'),
    });
  });

  it('holds the client up while the container reads nothing', async () => {
    const opened = Promise.withResolvers<WebSocket>();
    let received = 0;
    const { url } = await start((socket) => {
      socket.pause();
      socket.on('message', () => received++);
      opened.resolve(socket);
    });
    const client = openClient(url, 'end');
    const container = await opened.promise;
    let sent = 0;
    const sending = (async () => {
      for (; sent < PARTS; sent++) await client.sent(PART);
    })();

    await untilHeld(url, () => sent);
    const heldAt = sent;
    container.resume();
    await sending;
    await expect.poll(() => received).toBe(PARTS);

    expect(heldAt).toBeLessThan(PARTS);
  });

  it('holds the container up while the client reads nothing', async () => {
    let sent = 0;
    const { url } = await start(async (socket) => {
      for (; sent < PARTS; sent++) await new Promise((resolve) => socket.send(PART, resolve));
      socket.close(1000);
    });
    const client = openClient(url, 'end');
    await client.head;

    await untilHeld(url, () => sent);
    const heldAt = sent;
    let received = 0;
    while (await client.next()) received++;

    expect(heldAt).toBeLessThan(PARTS);
    expect(received).toBe(PARTS);
  });

  it.each([
    [
      'another event',
      () => signed(payloadPart(Buffer.of(1), { ':event-type': 'Other' })),
      /must be PayloadPart; received Other/,
    ],
    [
      'a data type that there is not',
      () => payloadPart(Buffer.of(1), { DataType: 'HEX' }),
      /DataType must be UTF8 or BINARY/,
    ],
    ['a wrong checksum', () => payloadPart(Buffer.of(1)).with(-1, 0), /a checksum of a message is wrong/],
    ['no event stream', () => Buffer.from('{"inputs": [1, 2, 3]}'), /a message must have 16 to/],
  ])('with %s ends by an error that names the rule, the WebSocket too', async (_, bytes, message) => {
    const closed = Promise.withResolvers<number>();
    const { url } = await start((socket) => void socket.on('close', closed.resolve));
    const client = openClient(url, 'end');
    client.write(bytes());
    const said = (await client.next())!;

    expect(said.type).toBe('InputValidationError');
    expect(JSON.parse(said.text).Message).toMatch(message);
    expect(await closed.promise).toBe(1001);
  });
});
