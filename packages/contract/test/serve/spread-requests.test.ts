/** Large requests to a server with several workers: what they answer, log and count, with workers in this process and with real ones. */
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import { encodeRows } from '../../src/testing/encode-rows.js';
import { startProgram, untilLogged } from './running-program.js';
import { endServers, openWire, type RunningServer, startReady } from './running-server.js';
import { ROW_TYPES } from './sum-algorithm.js';

afterEach(endServers);

const COUNT = 100_000;
const LINES = Array.from({ length: COUNT }, (_, i) => `${1_000_000 + i},1.000,0`);
const CSV = `${LINES.join('\n')}\n`;
const SUMS = `${LINES.map((_, i) => 1_000_001 + i).join('\n')}\n`;

/** @returns rows of each call of `predict`, too, but for the test of the model */
async function start(algorithm: Partial<Algorithm> = {}, variables: Record<string, string> = {}) {
  const calls: number[] = [];
  const server = await startReady({
    algorithm: {
      contentTypes: ROW_TYPES,
      boundedRows: () => 1,
      predict(_, { rows, columns, features }) {
        if (rows > 1) calls.push(rows);
        return {
          score: Float64Array.from(
            { length: rows },
            (__, row) => features[row * columns]! + features[row * columns + 1]!,
          ),
        };
      },
      ...algorithm,
    },
    variables: { SAGEMAKER_MODEL_SERVER_WORKERS: '2', ...variables },
  });
  return { server, calls };
}

async function send(
  { url }: Pick<RunningServer, 'url'>,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/invocations`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/csv', Accept: 'text/csv', ...headers },
    body: Buffer.from(body),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const isAll = (calls: readonly number[]) => calls.reduce((sum, rows) => sum + rows, 0) === COUNT;

describe('a large request of CSV to several workers', () => {
  it('is predicted in parts, and is one request with one answer', async () => {
    const { server, calls } = await start({ isMetered: true });

    const { status, headers, text } = await send(server, CSV);

    expect(status).toBe(200);
    expect(text === SUMS).toBe(true);
    expect(headers.get('content-length')).toBe(String(SUMS.length));
    expect(headers.get('x-amzn-inference-metering')).toBe(`{"Dimension":"inference.count","ConsumedUnits":${COUNT}}`);
    expect(calls.length).toBeGreaterThan(2);
    expect(isAll(calls)).toBe(true);
    expect(server.lines.filter((line) => line.includes('/invocations'))).toEqual([
      expect.stringMatching(new RegExp(`^POST /invocations 200 ms=\\S+ rows=${COUNT}$`)),
    ]);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toMatch(new RegExp(`^algo_rows_total\\S* ${COUNT}$`, 'm'));
    expect(metrics).toMatch(/^algo_requests_total\{.*invocations.*\} 1$/m);
  });

  it('begins to be predicted before all of it is there', async () => {
    const { server, calls } = await start();
    const { socket, until } = openWire(server.port);
    const half = CSV.length / 2;
    socket.write(
      `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nAccept: text/csv\r\nContent-Length: ${CSV.length}\r\n\r\n`,
    );
    socket.write(CSV.slice(0, half));

    await expect.poll(() => calls.length).toBeGreaterThan(0);
    socket.write(CSV.slice(half));

    const received = await until(SUMS.slice(-20));
    expect(received.slice(received.indexOf('\r\n\r\n') + 4) === SUMS).toBe(true);
    socket.destroy();
  });

  it('whose caller leaves in the middle is predicted no further, and the next one is answered', async () => {
    const { server, calls } = await start();
    const { socket } = openWire(server.port);
    socket.write(
      `POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\nContent-Length: ${CSV.length}\r\n\r\n`,
    );
    socket.write(CSV.slice(0, CSV.length / 2));
    await expect.poll(() => calls.length).toBeGreaterThan(0);

    socket.destroy();
    await expect.poll(() => server.lines.join('\n')).toMatch(/aborted/);

    const predicted = calls.reduce((sum, rows) => sum + rows, 0);
    expect(predicted).toBeLessThan(0.6 * COUNT);
    expect((await send(server, '1,2,3\n')).text).toBe('3\n');
  });

  it.each([
    ['x,1,0', 'request row NUMBER column 1: expected a number; received \\"x\\"'],
    ['1,2', 'request row NUMBER: expected 3 columns'],
    ['"1\n2",3,4', 'request row NUMBER column 1'],
  ])('with the bad row %j in any part is answered as by one worker, with its number', async (row, message) => {
    const [several, one] = [await start(), await start({}, { SAGEMAKER_MODEL_SERVER_WORKERS: '1' })];
    for (const at of [1, COUNT / 2, COUNT - 1]) {
      const body = LINES.toSpliced(at, 1, row).join('\n');
      const answer = await send(several.server, body);

      expect(answer.status).toBe(400);
      expect(answer.text).toContain(message.replace('NUMBER', String(at + 1)));
      expect(answer.text).toBe((await send(one.server, body)).text);
    }
  });

  it('is predicted as a whole where one worker is all there is, and where it is packed, small, or of another format', async () => {
    const [{ server, calls }, one] = [await start(), await start({}, { SAGEMAKER_MODEL_SERVER_WORKERS: '1' })];
    const rows = LINES.map((line) => line.split(',').map(Number));
    const small = `${LINES.slice(0, 50_000).join('\n')}\n`;

    expect((await send(one.server, CSV)).text === SUMS).toBe(true);
    expect(one.calls).toEqual([COUNT]);
    expect((await send(server, gzipSync(CSV), { 'Content-Encoding': 'gzip' })).text === SUMS).toBe(true);
    for (const [type, count] of [
      ['application/jsonlines', COUNT],
      ['application/x-recordio-protobuf', COUNT / 4],
    ] as const) {
      const body = encodeRows(type, rows.slice(0, count), { labelCount: 0 });
      expect(body.length).toBeGreaterThan(1024 * 1024);
      const { text } = await send(server, body, { 'Content-Type': type });
      expect(text === SUMS.slice(0, 8 * count)).toBe(true);
    }
    expect((await send(server, small)).status).toBe(200);
    expect(calls).toEqual([COUNT, COUNT, COUNT / 4, 50_000]);
  });

  it('is predicted as a whole in a batch transform, with placeholders for bad records', async () => {
    const variables = { SAGEMAKER_BATCH: 'true', ALGO_BAD_RECORDS: 'placeholder' };
    const { server, calls } = await start({}, variables);
    const lines = LINES.toSpliced(COUNT - 2, 1, 'x,1,0');

    const { text } = await send(server, `${lines.join('\n')}\n`);

    expect(text.split('\n').slice(-4)).toEqual([
      String(1_000_001 + COUNT - 3),
      'ERROR',
      String(1_000_001 + COUNT - 1),
      '',
    ]);
    expect(calls).toEqual([COUNT - 1]);
  });
});

describe('a large request of CSV to worker processes', () => {
  const LARGE = 100_000;
  const bounded = { model: { boundedRows: 1 }, variables: { ALGO_IS_BOUNDED: '1' }, workers: 2 };
  const bodyOf = (last = '0') =>
    `${Array.from({ length: LARGE }, (_, i) => `${1_000_000 + i},0.000000,${i === LARGE - 2 ? last : 0}`).join('\n')}\n`;

  it('is predicted by all that are idle', async () => {
    const program = await startProgram(bounded);
    await untilLogged(program, /model ready/);
    const body = bodyOf();
    let values: number[] = [];
    const ask = async () => {
      const rows = (await send(program, body)).text
        .trimEnd()
        .split('\n')
        .map((line) => line.split(',').map(Number));
      values = rows.map(([value]) => value!);
      return new Set(rows.map(([, pid]) => pid)).size;
    };

    await expect.poll(ask).toBe(2); // once both workers are there

    expect(values).toEqual(Array.from({ length: LARGE }, (_, i) => 1_000_000 + i));
  });

  it('that ends one of them is not sent to another', async () => {
    const program = await startProgram(bounded);
    await untilLogged(program, /model ready/);
    await expect.poll(async () => (await send(program, bodyOf())).status).toBe(200);

    const { status, text } = await send(program, bodyOf('1'));

    expect(status).toBe(500);
    expect(text).toContain('E_ALGORITHM');
    await untilLogged(program, /worker \d+ ended/);
    await expect.poll(async () => (await send(program, bodyOf())).status).toBe(200);
    expect(program.lines.filter((line) => /worker \d+ ended/.test(line))).toHaveLength(1);
  });
});
