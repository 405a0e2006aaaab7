/** Bodies that are predicted in parts: the answers of whole ones, byte for byte, whatever is in them and wherever they are cut. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Algorithm } from '../../src/algorithm.js';
import type { Categories } from '../../src/formats/categories/categories.js';
import { memoryLog } from '../../src/log.js';
import type { Dispatcher } from '../../src/serve/dispatcher.js';
import { createInvocation } from '../../src/serve/invocation.js';
import type { Answer, Bytes, InvocationRequest } from '../../src/serve/message.js';
import { joined, type Pieces } from '../../src/serve/pieces.js';
import { spreadBody } from '../../src/serve/spread-body/spread-body.js';
import { createSpreadPlanner } from '../../src/serve/spread-body/spread-plan.js';
import type { RequestHead } from '../../src/serve/worker-message.js';
import { ROW_TYPES, sumAlgorithm } from './sum-algorithm.js';

const NEVER = () => new AbortController().signal;

interface OpenOptions {
  readonly algorithm?: Partial<Algorithm>;
  readonly featureNames?: readonly string[];
  readonly categories?: Categories;
  readonly unseenCategories?: 'error' | 'missing';
}

/** A model that is asked for all of a body, and in parts. */
function open({ algorithm: overrides, ...columns }: OpenOptions = {}) {
  const algorithm = sumAlgorithm({ contentTypes: ROW_TYPES, boundedRows: () => 1, ...overrides });
  const log = memoryLog();
  const { invoke } = createInvocation({
    algorithm,
    model: 1,
    featureCount: 3,
    ...columns,
    settings: { isBatch: false, defaultAccept: undefined, inferenceOutput: undefined, badRecords: undefined },
    log,
  });
  const planOf = createSpreadPlanner(algorithm, undefined);
  const whole = (head: RequestHead, body: Buffer) => invoke({ ...head, body });
  /** Undefined where it must be answered as a whole. @param pieceBytes of the body as it comes */
  const spread = async (head: RequestHead, body: Buffer, pieceBytes: number, leastBytes: number) => {
    const plan = planOf(head);
    if (!plan) return undefined;
    const dispatcher: Pick<Dispatcher, 'invoke' | 'isIdle'> = {
      isIdle: true,
      invoke: ({ body, ...request }: InvocationRequest<Pieces>) => invoke({ ...request, body: joined(body) }),
    };
    const options = { request: head, plan, length: body.length, dispatcher, workers: 2, left: NEVER, leastBytes };
    const { add, finish } = spreadBody(options);
    for (let at = 0; at < body.length; at += pieceBytes) add(body.subarray(at, at + pieceBytes));
    return finish();
  };
  return { whole, spread, planOf, log };
}

const headOf = (contentType: string, accept = 'text/csv'): RequestHead => ({
  contentType,
  accept,
  contentEncoding: undefined,
  customAttributes: undefined,
});
const shown = ({ status, headers, body, rows }: Answer<Bytes>) => ({
  status,
  headers,
  body: Buffer.from(joined(body instanceof Uint8Array ? [body] : body)).toString('latin1'),
  rows,
});
const ROWS = Array.from({ length: 300 }, (_, i) => `${1000 + i},1,0.5\n`);

describe('a body that is predicted in parts', () => {
  it.each(ROW_TYPES.output.slice(0, 4))('has the answer of the whole in %s', async (accept) => {
    const { whole, spread } = open({ algorithm: { isMetered: true } });
    const head = headOf('text/csv', accept);
    const body = Buffer.from(ROWS.join(''));

    const answer = await spread(head, body, 97, 200);

    expect(shown(answer!)).toEqual(shown(await whole(head, body)));
    expect(answer!.rows).toBe(ROWS.length);
  });

  it('has its header line before each of them', async () => {
    const { whole, spread } = open({ featureNames: ['a', 'b', 'c'] });
    const head = headOf('text/csv; header=present');
    const body = Buffer.from(`c,a,"b"\n${ROWS.join('')}`);

    expect(shown((await spread(head, body, 97, 200))!)).toEqual(shown(await whole(head, body)));
  });

  it('is answered as a whole where that is the only way to say what it says', async () => {
    const body = Buffer.from(ROWS.join(''));
    const other = async (head: RequestHead, algorithm: Partial<Algorithm> = {}) =>
      open({ algorithm }).spread(head, body, 97, 200);
    const csv = headOf('text/csv');
    let calls = 0;
    const counting: Algorithm['predict'] = (_, { rows }, { setCustomAttributes }) => {
      setCustomAttributes(`call ${++calls}`);
      return { score: new Float64Array(rows) };
    };

    expect(await other(csv)).toBeDefined();
    expect(await other(headOf('text/csv; header=auto'))).toBeUndefined();
    expect(await other(headOf('application/jsonlines'))).toBeUndefined();
    expect(await other(headOf('text/csv', 'application/x-npy'))).toBeUndefined();
    expect(await other(headOf('text/csv', 'image/png'))).toBeUndefined();
    expect(await other({ ...csv, contentEncoding: 'gzip' })).toBeUndefined();
    expect(await other({ ...csv, sessionId: 'NEW_SESSION' })).toBeUndefined();
    expect(await other(csv, { boundedRows: () => 0 })).toBeUndefined();
    expect(await other(csv, { modelBatching: () => ({ maxRows: 8, maxDelayMs: 1 }) })).toBeUndefined();
    expect(await other(csv, { predict: counting })).toBeUndefined();
    expect(calls).toBeGreaterThan(1);
  });

  it.each([
    ['a bad number', 'x,1,2\n'],
    ['a row that is too short', '1,2\n'],
    ['a quote that is not closed on its line', '1,"2,3\n4",5,6\n'],
    ['a blank line', '\n'],
    ['a byte order mark', '\ufeff1,2,3\n'],
    ['another delimiter', '1;2;3\n'],
  ])('is answered as a whole if one of its rows has %s, wherever that is', async (_, line) => {
    const { whole, spread } = open();
    const head = headOf('text/csv');
    for (const at of [1, 20, 150, 298]) {
      const body = Buffer.from(ROWS.toSpliced(at, 0, line).join(''));
      // Pieces of each size end at other lines.
      for (const pieceBytes of [97, 101, 333, 5000]) {
        expect(await spread(head, body, pieceBytes, 200)).toBeUndefined();
      }
      const { status, body: text } = await whole(head, body);
      expect(status).toBe(400);
      expect(Buffer.from(text).toString()).toContain(`request row ${at + 1}`);
    }
  });

  it('is never answered otherwise than the whole, whatever lines it has', async () => {
    const values = { missingValues: 'accept', infiniteValues: 'accept', text: 'accept' } as const;
    const predict: Algorithm['predict'] = (_, { rows, features }) => ({
      score: Float64Array.from({ length: rows }, (__, row) => features[3 * row]! || features[3 * row + 2]! || 0),
    });
    const names = ['"', '-2.5', '1', '7;8', '9', 'a', 'a,b'];
    const models = [
      open(),
      open({ algorithm: { values, predict }, featureNames: ['a', 'b', 'c'] }),
      open({
        algorithm: { values, predict },
        categories: { labels: [], features: [names, undefined, names] },
        unseenCategories: 'missing',
      }),
    ];
    const field = fc.constantFrom('1', '-2.5', ' 3 ', '"4"', '"a,b"', 'a', '', '\t5', '6\t', '"7;8"', '9"', '"');
    const rough = fc
      .tuple(fc.array(field, { minLength: 1, maxLength: 4 }), fc.constantFrom(',', ',', ',', ';', '\t', '|'))
      .map(([fields, delimiter]) => fields.join(delimiter));
    const smooth = fc.tuple(fc.integer(), fc.integer(), fc.integer()).map((row) => row.join(','));
    const line = fc.oneof(
      { weight: 12, arbitrary: smooth },
      { weight: 1, arbitrary: rough },
      { weight: 1, arbitrary: fc.constantFrom('', ' ', '\ufeff1,2,3', '1;2;3', '"1","2","3"', '\ufeff') },
    );
    const header = fc.option(fc.constantFrom('a,b,c', 'c,"a",b', '\ufeffa,b,c'), { freq: 2 });
    const bodies = fc.tuple(header, fc.array(line, { maxLength: 40 }), fc.constantFrom('\n', '\r\n'), fc.boolean());
    let spreadCount = 0;
    await fc.assert(
      fc.asyncProperty(
        bodies,
        fc.constantFrom('text/csv', 'text/csv; header=present'),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 90 }),
        async ([first, lines, end, isEnded], contentType, pieceBytes, leastBytes) => {
          const body = Buffer.from([...(first ? [first] : []), ...lines].join(end) + (isEnded ? end : ''));
          for (const { whole, spread } of models) {
            const answer = await spread(headOf(contentType), body, pieceBytes, leastBytes);
            if (!answer) continue;
            spreadCount += 1;
            expect(shown(answer)).toEqual(shown(await whole(headOf(contentType), body)));
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(spreadCount).toBeGreaterThan(100);
  });
});
