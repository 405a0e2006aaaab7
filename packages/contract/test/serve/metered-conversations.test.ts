/** What conversations cost, on the stream of metadata that the platform opens next to each. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { webSocket } from '../../src/web-socket.js';
import { type Caller, openCaller } from './caller.js';
import { handshake } from './conversing.js';
import { endServers, openWire, startServer, untilReady } from './running-server.js';

afterEach(endServers);

const METADATA = '/invocations-bidirectional-stream-metadata';

/** Bills the number in each message, and repeats it. */
const billing: NonNullable<Algorithm['converse']> = async function* (_model, messages, { meter }) {
  for await (const message of messages) {
    if (message === 'end') return;
    meter(Number(message));
    yield message;
  }
};

async function start(converse = billing, isMetered = true, meteringMs = 1) {
  const conversation = { description: 'Numbers.', protocol: webSocket };
  const server = await startServer({ algorithm: { conversation, converse, isMetered }, timeouts: { meteringMs } });
  await untilReady(server);
  return server;
}

const withId = (id: string) => ({ 'X-Amzn-SageMaker-Request-Id': id });

const openMetered = (url: string, id: string) => openCaller(url, undefined, withId(id));
const openMetadata = (url: string, id: string) => openCaller(url, METADATA, withId(id));

async function reported(metadata: Caller) {
  return JSON.parse(await metadata.next()).Metering;
}

describe('a metered conversation', () => {
  it('asks for the stream of metadata, and reports there what it costs', async () => {
    const { url } = await start();
    const [caller, other] = [await openMetered(url, 'a'), await openMetered(url, 'b')];
    const metadata = await openMetadata(url, 'a');
    caller.socket.send('3');
    await caller.next();
    const first = await reported(metadata);
    caller.socket.send('0.5');
    const second = await reported(metadata);
    other.socket.send('7');

    expect(caller.answered['x-amzn-sagemaker-metadata-stream-supported']).toBe('true');
    expect(first).toEqual({
      Dimension: 'inference.count',
      ConsumedUnits: 3,
      ClientToken: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(second).toMatchObject({ Dimension: 'inference.count', ConsumedUnits: 0.5 });
    expect(second.ClientToken).not.toBe(first.ClientToken);
    expect(await reported(await openMetadata(url, 'b'))).toMatchObject({ ConsumedUnits: 7 });
  });

  it('adds up what comes between two reports, and reports the rest before it closes', async () => {
    const { url } = await start(
      async function* (_model, messages, { meter }) {
        for await (const message of messages) {
          for (const units of [1, 2, 3]) meter(units);
          if (message === 'end') return;
          yield 'heard';
        }
      },
      true,
      50,
    );
    const caller = await openMetered(url, 'a');
    const metadata = await openMetadata(url, 'a');
    caller.socket.send('hello');
    const first = await reported(metadata);
    caller.socket.send('end');
    const second = await reported(metadata);

    expect([first.ConsumedUnits, second.ConsumedUnits]).toEqual([6, 6]);
    expect((await caller.closed).code).toBe(1000);
    expect((await metadata.closed).code).toBe(1000);
  });

  it('without that stream continues, and the log has what was not billed', async () => {
    const server = await start();
    const caller = await openMetered(server.url, 'a');
    caller.socket.send('5');
    caller.socket.send('end');

    expect(await caller.next()).toBe('5');
    expect((await caller.closed).code).toBe(1000);
    await expect.poll(() => server.lines.join('\n')).toMatch(/101 .* close=1000 unbilled=5/);
  });

  it('whose stream of metadata breaks off continues', async () => {
    const server = await start();
    const caller = await openMetered(server.url, 'a');
    const metadata = await openMetadata(server.url, 'a');
    metadata.socket.terminate();
    caller.socket.send('5');

    expect(await caller.next()).toBe('5');
    caller.socket.send('end');
    expect((await caller.closed).code).toBe(1000);
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])(
    'with %d units is an error of the algorithm',
    async (units) => {
      const { url, lines } = await start(async function* (_model, _messages, { meter }) {
        meter(units);
        yield 'never';
      });

      expect((await (await openMetered(url, 'a')).closed).code).toBe(1011);
      expect(lines.join('\n')).toContain(`meter: expected a number > 0; received ${units}.`);
    },
  );
});

describe('a stream of metadata', () => {
  it('without a conversation of its id, or one that is not metered, is refused', async () => {
    const { url } = await start();
    const unmetered = await start(billing, false);
    const caller = await openMetered(unmetered.url, 'a');
    caller.socket.send('5');

    expect(await caller.next()).toBe('5');
    expect(caller.answered).not.toHaveProperty('x-amzn-sagemaker-metadata-stream-supported');
    await expect(openMetadata(url, 'a')).rejects.toThrow('404');
    await expect(openMetadata(unmetered.url, 'a')).rejects.toThrow('404');
  });

  it('with a body is refused', async () => {
    const { url, port } = await start();
    const caller = await openMetered(url, 'a');
    const wire = openWire(port);
    const path = { from: ' /invocations-bidirectional-stream ', to: ` ${METADATA} ` };
    wire.send(handshake({ ...withId('a'), 'Content-Length': '2' }).replace(path.from, path.to));

    expect(await wire.closed()).toMatch(
      /^HTTP\/1.1 400 .*-stream-metadata must be opened without a body; there is one\./s,
    );
    caller.socket.close();
  });
});
