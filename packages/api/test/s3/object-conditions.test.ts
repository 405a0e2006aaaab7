/** Parts of objects, and reads and writes that are done only under a condition. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { startS3, textOf } from './scene.js';

const RANGES: readonly [string, number, string, string | undefined][] = [
  ['bytes=0-0', 206, '0', 'bytes 0-0/10'],
  ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=7-99', 206, '789', 'bytes 7-9/10'],
  ['bytes=-3', 206, '789', 'bytes 7-9/10'],
  ['bytes=-99', 206, '0123456789', 'bytes 0-9/10'],
  ['bytes=4-2', 200, '0123456789', undefined],
  ['bytes=0-1,3-4', 200, '0123456789', undefined],
  ['rows=0-1', 200, '0123456789', undefined],
];

it('a range is answered with its bytes, and with all where it is not one range', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: '0123456789' });

  const answers = await Promise.all(RANGES.map(([range]) => send('GET', '/bucket/a', { headers: { range } })));

  const found = answers.map(({ status, text, headers }, i) => [RANGES[i]![0], status, text, headers['content-range']]);
  expect(found).toEqual(RANGES);
  expect(answers.map(({ headers }) => headers['content-length'])).toEqual(
    RANGES.map(([, , text]) => String(text.length)),
  );
});

it('a range that has nothing of the object is refused', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: '0123456789' });

  for (const range of ['bytes=10-', 'bytes=-0']) {
    const got = await send('GET', '/bucket/a', { headers: { range } });

    expect(got.status).toBe(416);
    expect(textOf(got.text, 'Code')).toBe('InvalidRange');
    expect(textOf(got.text, 'ActualObjectSize')).toBe('10');
  }
});

const [PAST, FUTURE] = ['Sat, 01 Jan 2000 00:00:00 GMT', 'Fri, 01 Jan 2100 00:00:00 GMT'];
const MD5 = createHash('md5').update('x').digest('hex');
const ETAG = `"${MD5}"`;

const CONDITIONS: readonly [Record<string, string>, number][] = [
  [{ 'if-match': ETAG }, 200],
  [{ 'if-match': MD5 }, 200],
  [{ 'if-match': '*' }, 200],
  [{ 'if-match': `"a", ${ETAG}` }, 200],
  [{ 'if-match': '"a"' }, 412],
  [{ 'if-none-match': ETAG }, 304],
  [{ 'if-none-match': '"a"' }, 200],
  [{ 'if-modified-since': PAST }, 200],
  [{ 'if-modified-since': FUTURE }, 304],
  [{ 'if-modified-since': 'yesterday' }, 200],
  [{ 'if-unmodified-since': PAST }, 412],
  [{ 'if-unmodified-since': FUTURE }, 200],
  [{ 'if-match': ETAG, 'if-unmodified-since': PAST }, 200],
  [{ 'if-none-match': '"a"', 'if-modified-since': FUTURE }, 200],
  [{ 'if-none-match': ETAG, 'if-modified-since': PAST }, 304],
];

it('a read under conditions is answered as RFC 9110 has their order', async () => {
  const { send } = await startS3();
  await send('PUT', '/bucket/a', { body: 'x' });

  for (const method of ['GET', 'HEAD']) {
    const answers = await Promise.all(CONDITIONS.map(([headers]) => send(method, '/bucket/a', { headers })));

    expect(answers.map(({ status }, i) => [CONDITIONS[i]![0], status])).toEqual(CONDITIONS);
    const failed = answers.filter(({ status }) => status === 412).map(({ text }) => textOf(text, 'Code'));
    expect(new Set(failed)).toEqual(new Set([method === 'GET' ? 'PreconditionFailed' : undefined]));
    expect(answers.filter(({ status, text }) => status === 304 && text !== '')).toEqual([]);
  }
});

it('a write under a condition is done only if it holds, and of a hundred at the same time one creates the object', async () => {
  const { send } = await startS3();

  const creating = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      send('PUT', '/bucket/a', { body: String(i), headers: { 'if-none-match': '*' } }),
    ),
  );
  const { text, headers } = await send('GET', '/bucket/a');
  const wrong = await send('PUT', '/bucket/a', { body: 'no', headers: { 'if-match': '"other"' } });
  const absent = await send('PUT', '/bucket/none', { body: 'no', headers: { 'if-match': '"other"' } });
  const right = await send('PUT', '/bucket/a', { body: 'yes', headers: { 'if-match': headers.etag } });

  const created = creating.flatMap(({ status }, i) => (status === 200 ? [String(i)] : []));
  expect(created).toEqual([text]);
  expect([wrong.status, absent.status, right.status]).toEqual([412, 404, 200]);
  expect((await send('GET', '/bucket/a')).text).toBe('yes');
});
