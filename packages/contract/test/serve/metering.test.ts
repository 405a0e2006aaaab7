import { afterEach, describe, expect, it } from 'vitest';
import type { Block } from '../../src/formats/block.js';
import { memoryLog } from '../../src/log.js';
import { describeAlgorithm } from '../../src/specification/describe.js';
import { createHandler } from './in-memory.js';
import { endServers, openWire, startServer, untilReady } from './running-server.js';
import { environmentOf, makeModelRoot, sumAlgorithm } from './sum-algorithm.js';

afterEach(endServers);

type Overrides = Parameters<typeof sumAlgorithm>[0];
const NAME = 'X-Amzn-Inference-Metering';

async function ask(overrides: Overrides, body: string, variables: Record<string, string> = {}) {
  const root = makeModelRoot();
  const handle = await createHandler(sumAlgorithm(overrides), environmentOf(root, variables), memoryLog());
  const headers = { 'Content-Type': 'text/csv', Accept: 'text/csv' };
  const { status, headers: answered } = await handle({
    method: 'POST',
    path: '/invocations',
    headers,
    body: Buffer.from(body),
  });
  root.remove();
  return { status, header: answered[NAME] };
}

describe('the metering header', () => {
  it('is not there unless the definition is metered', async () => {
    expect(await ask({}, '1,2,3\n')).toEqual({ status: 200, header: undefined });
  });

  it('has the rows of the answer by default', async () => {
    expect(await ask({ isMetered: true }, '1,2,3\n4,5,6\n7,8,9\n')).toEqual({
      status: 200,
      header: '{"Dimension":"inference.count","ConsumedUnits":3}',
    });
  });

  it('has what units makes of the rows, the answer and the request', async () => {
    const seen: unknown[] = [];
    const overrides: Overrides = {
      isMetered: true,
      units(model, { rows, predicted, request }) {
        seen.push(model, predicted, request.accept.type);
        return 10 * rows;
      },
    };

    const { header } = await ask(overrides, '1,2,3\n');

    expect(header).toBe('{"Dimension":"inference.count","ConsumedUnits":10}');
    expect(seen.slice(-3)).toEqual([1, { score: Float64Array.of(6) }, 'text/csv']);
  });

  it.each([
    ['', 204],
    ['\n', 200],
  ])('of an answer to no rows, %j, is 0, since without it the call would count as one', async (body, status) => {
    const header = '{"Dimension":"inference.count","ConsumedUnits":0}';

    expect(await ask({ isMetered: true }, body, { SAGEMAKER_BATCH: 'true' })).toEqual({ status, header });
  });

  it('is not there in an error', async () => {
    const fails: Overrides = {
      isMetered: true,
      predict(_, input: Block) {
        if (input.features[0] === 13) throw new Error('a defect');
        return { score: new Float64Array(input.rows) };
      },
    };

    expect(await ask(fails, 'x,2,3\n')).toEqual({ status: 400, header: undefined });
    expect(await ask(fails, '13,2,3\n')).toEqual({ status: 500, header: undefined });
  });

  it.each([-1, 0.5, Number.NaN])('cannot be %d: that is an error of the algorithm', async (units) => {
    const overrides: Overrides = { isMetered: true, units: (_, { rows }) => (rows === 2 ? units : 1) };

    expect(await ask(overrides, '1,2,3\n4,5,6\n')).toEqual({ status: 500, header: undefined });
  });

  it('comes once over the wire: with rows predicted together, and before the parts of a stream', async () => {
    const batched = await startServer({ algorithm: { isMetered: true, batching: { maxRows: 8, maxDelayMs: 1 } } });
    const streamed = await startServer({
      algorithm: {
        isMetered: true,
        async *predict(_, input: Block) {
          for (let row = 0; row < input.rows; row++) yield { score: Float64Array.of(row) };
        },
      },
    });
    for (const server of [batched, streamed]) {
      await untilReady(server);
      const wire = openWire(server.port);
      const body = '1,2,3\n4,5,6\n';
      wire.send(
        `POST /invocations HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
      const head = (await wire.closed()).split('\r\n\r\n', 1)[0]!;

      expect(head.match(/^x-amzn-inference-metering: .*$/gim)).toEqual([
        'X-Amzn-Inference-Metering: {"Dimension":"inference.count","ConsumedUnits":2}',
      ]);
    }
  });
});

it('units without isMetered are refused by describe: nothing would read them', () => {
  expect(() => describeAlgorithm(sumAlgorithm({ units: () => 1 }))).toThrow(
    'units needs isMetered: true, or no header has them.',
  );
});
