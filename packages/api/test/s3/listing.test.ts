import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareUtf8 } from '../../src/s3/utf8-order.js';
import { type Send, startS3, textOf, textsOf } from './scene.js';

const inOrder = (keys: Iterable<string>) => [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const putAll = (send: Send, keys: readonly string[]) =>
  Promise.all(keys.map((key) => send('PUT', `/bucket/${encodeURIComponent(key)}`, { body: key })));
const keysIn = (xml: string) => textsOf(xml, 'Key').map(decodeURIComponent);
const prefixesIn = (xml: string) =>
  textsOf(xml.replace(/^.*?(?=<CommonPrefixes>|$)/s, ''), 'Prefix').map(decodeURIComponent);

/** All pages of a listing, with the parameter that asks for the next. */
async function listAll(send: Send, query: string, next: (xml: string) => string | undefined) {
  const [keys, prefixes, sizes]: [string[], string[], number[]] = [[], [], []];
  let marker = '';
  do {
    const { text } = await send('GET', `/bucket?encoding-type=url&${query}${marker}`);
    keys.push(...keysIn(text));
    prefixes.push(...prefixesIn(text));
    sizes.push(keysIn(text).length + prefixesIn(text).length);
    const following = textOf(text, 'IsTruncated') === 'true' ? next(text) : undefined;
    marker = following === undefined ? '' : following;
  } while (marker !== '');
  return { keys, prefixes, sizes };
}

const nextV2 = (xml: string) => `&continuation-token=${textOf(xml, 'NextContinuationToken')}`;
const nextV1 = (xml: string) => `&marker=${textOf(xml, 'NextMarker') ?? textsOf(xml, 'Key').at(-1)}`;

it('keys are listed in the order of their UTF-8 bytes', () => {
  // The ends of the ranges that UTF-16 and UTF-8 encode differently.
  const unit = fc.constantFrom(
    '\0',
    'a',
    '\u007f',
    '\u0080',
    '\u07ff',
    '\u0800',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '\u{10ffff}',
  );
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 4 }), fc.string({ unit, maxLength: 4 }), (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
    { seed: 3, numRuns: 500 },
  );
});

it('pages of any size, prefix and delimiter list together what one pass over all keys would', async () => {
  const { send } = await startS3();
  const keys = [
    'a',
    'a-b',
    'a/',
    'a/b',
    'a/b/c',
    'a/c',
    'a//d',
    'a0',
    'b/x/y',
    'b/x/z',
    'b/y',
    '/r',
    '//r',
    'ü/1',
    '😀',
    '\u{ffff}',
    'a b+c',
    '%~',
    '..',
  ];
  await putAll(send, keys);
  const prefixes = ['', 'a', 'a/', 'b/x', 'none', '/'];

  for (const prefix of prefixes) {
    for (const delimiter of ['', '/', '/b']) {
      for (const size of [1, 4, 1000]) {
        const query = `prefix=${encodeURIComponent(prefix)}&delimiter=${encodeURIComponent(delimiter)}&max-keys=${size}`;
        const matching = inOrder(keys).filter((key) => key.startsWith(prefix));
        const commonOf = (key: string) => {
          const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
          return end < 0 ? undefined : key.slice(0, end + delimiter.length);
        };

        const v2 = await listAll(send, `list-type=2&${query}`, nextV2);
        const v1 = await listAll(send, query, nextV1);

        expect(v2.keys).toEqual(matching.filter((key) => commonOf(key) === undefined));
        expect(v2.prefixes).toEqual([...new Set(matching.flatMap((key) => commonOf(key) ?? []))]);
        expect(Math.max(...v2.sizes)).toBeLessThanOrEqual(size);
        expect(v2.sizes.slice(0, -1).every((count) => count === size)).toBe(true);
        expect(v1).toEqual(v2);
      }
    }
  }
});

it('a listing may start after a key, and shows size, ETag, class, and the owner on request', async () => {
  const { send } = await startS3();
  await putAll(send, ['a', 'b', 'c']);

  const after = await send('GET', '/bucket?list-type=2&start-after=a&max-keys=1');
  const owner = await send('GET', '/bucket?list-type=2&fetch-owner=true');
  const none = await send('GET', '/bucket?list-type=2&max-keys=0');

  expect(keysIn(after.text)).toEqual(['b']);
  expect(
    ['StartAfter', 'KeyCount', 'MaxKeys', 'IsTruncated', 'Size', 'StorageClass'].map((name) =>
      textOf(after.text, name),
    ),
  ).toEqual(['a', '1', '1', 'true', '1', 'STANDARD']);
  expect(after.text).not.toContain('<Owner>');
  expect(textsOf(owner.text, 'ID')).toHaveLength(3);
  expect([keysIn(none.text), textOf(none.text, 'IsTruncated')]).toEqual([[], 'false']);
});

it('without encoding-type, what XML cannot hold is written as a reference', async () => {
  const { send } = await startS3();
  await putAll(send, ['a\u0001b', '<&>"']);

  const { text } = await send('GET', '/bucket?list-type=2');

  expect(text).toContain('<Key>a&#x1;b</Key>');
  expect(text).toContain('<Key>&lt;&amp;&gt;&quot;</Key>');
});

it('versions are listed as the one version that each object has', async () => {
  const { send } = await startS3();
  await putAll(send, ['a', 'b']);

  const first = await send('GET', '/bucket?versions&max-keys=1');
  const second = await send('GET', '/bucket?versions&key-marker=a');

  expect(textOf(first.text, 'NextKeyMarker')).toBe('a');
  expect(textsOf(first.text, 'VersionId')).toEqual(['null']);
  expect(keysIn(second.text)).toEqual(['b']);
});

it.each([
  ['max-keys=x', 'InvalidArgument'],
  ['max-keys=-1', 'InvalidArgument'],
  ['encoding-type=xml', 'InvalidArgument'],
  ['continuation-token=%2B', 'InvalidArgument'],
])('a listing with %s is refused', async (query, code) => {
  const { send } = await startS3();

  const { status, text } = await send('GET', `/bucket?list-type=2&${query}`);

  expect([status, textOf(text, 'Code')]).toEqual([400, code]);
});
