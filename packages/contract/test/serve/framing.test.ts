/** Where a request ends: nothing may be read as a second one that its sender has not meant as one (RFC 9112, 11.2). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endServers, openWire, type RunningServer, startServer, untilReady } from './running-server.js';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
  await untilReady(server);
});
afterAll(endServers);

const HEAD = 'POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
/** Behind every request, as if it were a further one. */
const NEXT = 'GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

async function statusesOf(text: string): Promise<string[]> {
  const wire = openWire(server.port);
  wire.send(text);
  const received = await wire.closed();
  return received.match(/HTTP\/1\.1 \d+/g)?.map((line) => line.slice(-3)) ?? [];
}

describe('a request whose end is not certain', () => {
  it.each([
    ['a length and chunks', `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['chunks and a length', `${HEAD}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
    ['two lengths', `${HEAD}Content-Length: 5\r\nContent-Length: 6\r\n\r\n1,2,3`],
    ['one length twice', `${HEAD}Content-Length: 5\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['a list of lengths', `${HEAD}Content-Length: 5, 5\r\n\r\n1,2,3`],
    ['a length with a sign', `${HEAD}Content-Length: +5\r\n\r\n1,2,3`],
    ['a negative length', `${HEAD}Content-Length: -5\r\n\r\n1,2,3`],
    ['a length in hexadecimal digits', `${HEAD}Content-Length: 0x5\r\n\r\n1,2,3`],
    ['a length in two parts', `${HEAD}Content-Length: 5 5\r\n\r\n1,2,3`],
    ['an empty length', `${HEAD}Content-Length:\r\n\r\n`],
    ['a length that no number holds', `${HEAD}Content-Length: 99999999999999999999999\r\n\r\n`],
    ['a blank before the colon', `${HEAD}Content-Length : 5\r\n\r\n1,2,3`],
    ['a coding with a blank before the colon', `${HEAD}Transfer-Encoding : chunked\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['two codings', `${HEAD}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
    ['a list of codings', `${HEAD}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`],
    ['chunked not as the last coding', `${HEAD}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`],
    ['a coding behind a vertical tab', `${HEAD}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
    ['the coding identity', `${HEAD}Transfer-Encoding: identity\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['a folded header', `${HEAD}X: a\r\n b\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['a folded coding', `${HEAD}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
    ['a blank before the first header', `POST /invocations HTTP/1.1\r\n Host: x\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['NUL in a header', `${HEAD}X: a\0b\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['CR in a header', `${HEAD}X: a\rContent-Length: 3\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['lines that end with LF', 'POST /invocations HTTP/1.1\nHost: x\nContent-Length: 5\n\n1,2,3'],
    ['a header without colon', `${HEAD}Nonsense\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['a header without name', `${HEAD}: x\r\nContent-Length: 5\r\n\r\n1,2,3`],
    ['a chunk extension without end', `${CHUNKED}5;${'a'.repeat(20_000)}\r\n1,2,3\r\n0\r\n\r\n`],
    ['a chunk extension that ends with LF', `${CHUNKED}5;a\n1,2,3\r\n0\r\n\r\n`],
    ['a chunk size that ends with LF', `${CHUNKED}5\n1,2,3\r\n0\r\n\r\n`],
    ['a negative chunk size', `${CHUNKED}-5\r\n1,2,3\r\n0\r\n\r\n`],
    ['a chunk size with 0x', `${CHUNKED}0x5\r\n1,2,3\r\n0\r\n\r\n`],
    ['a chunk size that no number holds', `${CHUNKED}fffffffffffffffff5\r\n1,2,3\r\n0\r\n\r\n`],
    ['a chunk that is longer than its size', `${CHUNKED}5\r\n1,2,3X\r\n0\r\n\r\n`],
    ['a length in the trailer', `${CHUNKED}5\r\n1,2,3\r\n0\r\nContent-Length: 9\r\n\r\n`],
    ['a tab in the request line', 'POST\t/invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1,2,3'],
  ])('is refused with 400, and nothing behind it is read: %s', async (_, text) => {
    const before = server.lines.length;

    const statuses = await statusesOf(text + NEXT);

    expect(statuses).toEqual(['400']);
    expect(server.lines.slice(before).join('\n')).not.toMatch(/ 200 |\/nowhere/);
  });

  it('is refused in HTTP/1.0 with chunks, which it does not have, and the connection is closed', async () => {
    const head = 'POST /invocations HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n';

    expect(await statusesOf(`${head}5\r\n1,2,3\r\n0\r\n\r\n${NEXT}`)).toEqual(['400']);
  });

  it.each([
    ['gzip as a transfer coding', `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, '501'],
    ['HTTP/2.0', 'POST /invocations HTTP/2.0\r\nHost: x\r\nContent-Length: 5\r\n\r\n1,2,3', '505'],
    ['a trailer over the limit', `${CHUNKED}5\r\n1,2,3\r\n0\r\n${`X: ${'y'.repeat(1000)}\r\n`.repeat(40)}\r\n`, '431'],
    ['more headers than the limit', `${HEAD}${'a: b\r\n'.repeat(3000)}\r\n`, '431'],
  ])('has a status of its own for %s', async (_, text, status) => {
    expect((await statusesOf(text + NEXT))[0]).toBe(status);
  });
});

it('a request with too many header lines is refused with how many there may be', async () => {
  const wire = openWire(server.port);

  wire.send(`${HEAD}${'a: b\r\n'.repeat(1000)}Content-Length: 5\r\n\r\n1,2,3`);

  expect(await wire.closed()).toMatch(/^HTTP\/1\.1 431 .*at most 16384 bytes and 1000 header lines; it has more\./s);
});

it('a request with two content types is in neither', async () => {
  const wire = openWire(server.port);

  wire.send(`${HEAD}Content-Type: application/json\r\nConnection: close\r\nContent-Length: 5\r\n\r\n1,2,3`);

  expect(await wire.closed()).toMatch(/^HTTP\/1\.1 415 .*received \\"text\/csv, application\/json\\"/s);
});

describe('a request in another form', () => {
  it.each([
    ['chunks', `${CHUNKED}5\r\n1,2,3\r\n0\r\n\r\n`],
    ['a coding in capitals behind a tab', `${HEAD}Transfer-Encoding:\tCHUNKED\r\n\r\n5\r\n1,2,3\r\n0\r\n\r\n`],
    ['chunk extensions', `${CHUNKED}5;a="b\\"c"\r\n1,2,3\r\n0;x\r\n\r\n`],
    ['zeros before a chunk size', `${CHUNKED}0000000005\r\n1,2,3\r\n0\r\n\r\n`],
    ['a trailer', `${CHUNKED}5\r\n1,2,3\r\n0\r\nX: y\r\n\r\n`],
    ['zeros before the length', `${HEAD}Content-Length: 05\r\n\r\n1,2,3`],
    ['empty lines before it', `\r\n\r\n${HEAD}Content-Length: 5\r\n\r\n1,2,3`],
    ['a body that nobody reads', 'GET /ping HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n1,2,3'],
  ])('is answered, and so is the one behind it: %s', async (_, text) => {
    expect(await statusesOf(text + NEXT)).toEqual(['200', '404']);
  });

  it('that offers another protocol is answered in this one, and so is the next', async () => {
    const wire = openWire(server.port);

    wire.send(
      `${HEAD}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: x\r\nContent-Length: 5\r\n\r\n1,2,3`,
    );
    await wire.until('{"score":6}');
    wire.send(NEXT);

    expect((await wire.closed()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
  });
});

describe('a request that asks for an upgrade', () => {
  const UPGRADE = 'Connection: Upgrade\r\nUpgrade: h2c\r\n';

  it.each([
    ['without a body', `GET /ping HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`],
    ['with a body', `${HEAD}${UPGRADE}Content-Length: 5\r\n\r\n1,2,3`],
    ['with a body in chunks', `${HEAD}${UPGRADE}Transfer-Encoding: chunked\r\n\r\n5\r\n1,2,3\r\n0\r\n\r\n`],
  ])('%s is answered, and so is the one behind it', async (_, text) => {
    expect(await statusesOf(text + NEXT)).toEqual(['200', '404']);
  });

  it('does not make a request of the body of the next one', async () => {
    const wire = openWire(server.port);

    wire.send(`GET /ping HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n${HEAD}Content-Length: ${4 + NEXT.length}\r\n\r\n1,2,`);
    await wire.until(' 200 ');
    wire.send(NEXT);
    await wire.until(' 400 ');
    wire.send(NEXT);

    expect((await wire.closed()).match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400', 'HTTP/1.1 404']);
  });

  it('may be one of many on a connection', async () => {
    const warnings: string[] = [];
    const onWarning = ({ message }: Error) => void warnings.push(message);
    process.on('warning', onWarning);
    const wire = openWire(server.port);

    for (let index = 10; index < 40; index++) {
      wire.send(`GET /nowhere${index} HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`);
      await wire.until(`/nowhere${index}`);
    }
    wire.send(NEXT);
    const received = await wire.closed();
    process.off('warning', onWarning);

    expect(received.match(/HTTP\/1\.1 404/g)).toHaveLength(31);
    expect(warnings).toEqual([]);
  });

  it('is the last one that is answered where another before it is not answered yet', async () => {
    const text = `${CHUNKED}5\r\n1,2,3\r\n0\r\n\r\nGET /ping HTTP/1.1\r\nHost: x\r\n${UPGRADE}\r\n`;

    expect(await statusesOf(text + NEXT)).toEqual(['200', '200']);
  });
});

it('the reason is in the answer', async () => {
  const wire = openWire(server.port);

  wire.send(`${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n`);

  expect(await wire.closed()).toContain(
    '"message":"The request must be HTTP/1.1; transfer-Encoding can\'t be present with Content-Length."',
  );
});

it('the head of an answer is under 4,096 bytes with all that may be in it', async () => {
  const full = await startServer({
    algorithm: {
      isMetered: true,
      sessions: {},
      units: () => Number.MAX_SAFE_INTEGER,
      predict(_, input, { session, setCustomAttributes }) {
        setCustomAttributes('x'.repeat(1024));
        session?.close();
        return { score: new Float64Array((input as { rows: number }).rows) };
      },
    },
  });
  await untilReady(full);
  const wire = openWire(full.port);

  wire.send(`${HEAD}X-Amzn-SageMaker-Session-Id: NEW_SESSION\r\nConnection: close\r\nContent-Length: 5\r\n\r\n1,2,3`);
  const [head = ''] = (await wire.closed()).split('\r\n\r\n');

  expect(head).toMatch(/^HTTP\/1\.1 200 .*Metering.*Closed-Session-Id.*Session-Id/is);
  expect(head.length).toBeLessThan(4096);
});
