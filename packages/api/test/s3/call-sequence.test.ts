import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runs } from '../support/runs.js';
import { type Send, startS3, textOf, textsOf } from './scene.js';

/** What a bucket must hold: a map of its objects. */
type Reference = Map<string, { readonly body: string; readonly note: string }>;

interface Call {
  /** Does it to the server and to the reference, and compares their answers. */
  run(send: Send, bucket: string, objects: Reference): Promise<void>;
}

const path = (bucket: string, key: string) => `/${bucket}/${encodeURIComponent(key)}`;
const etagOf = (body: string) => `"${createHash('md5').update(body).digest('hex')}"`;
const inOrder = (keys: Iterable<string>) => [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Few, so that calls meet: with keys that are folders of others, and names that need an escape. */
const KEYS = ['a', 'a/', 'a/b', 'a/b/c', 'a-b', '/a', '..', '../a', 'a//b', '%~', '😀', '\u{e000}', 'x'.repeat(300)];
const anyKey = fc.constantFrom(...KEYS);
const anyBody = fc.string({ maxLength: 20 });

const put = fc.record({ key: anyKey, body: anyBody, note: fc.constantFrom('', 'n1', 'n2'), isNew: fc.boolean() }).map(
  ({ key, body, note, isNew }): Call => ({
    async run(send, bucket, objects) {
      const headers = { 'x-amz-meta-note': note, ...(isNew && { 'if-none-match': '*' }) };
      const { status } = await send('PUT', path(bucket, key), { body, headers });
      const isDone = !isNew || !objects.has(key);
      expect(status).toBe(isDone ? 200 : 412);
      if (isDone) objects.set(key, { body, note });
    },
  }),
);

const get = fc.record({ key: anyKey, method: fc.constantFrom('GET', 'HEAD') }).map(
  ({ key, method }): Call => ({
    async run(send, bucket, objects) {
      const { status, text, headers } = await send(method, path(bucket, key));
      const object = objects.get(key);
      expect(status).toBe(object ? 200 : 404);
      if (object === undefined) return;
      expect(headers).toMatchObject({ etag: etagOf(object.body), 'x-amz-meta-note': object.note });
      expect(text).toBe(method === 'GET' ? object.body : '');
    },
  }),
);

const remove = fc.array(anyKey, { minLength: 1, maxLength: 3 }).map(
  (keys): Call => ({
    async run(send, bucket, objects) {
      const elements = keys.map((key) => `<Object><Key>${key}</Key></Object>`);
      if (keys.length === 1) expect((await send('DELETE', path(bucket, keys[0]!))).status).toBe(204);
      else
        expect(
          (await send('POST', `/${bucket}?delete`, { body: `<Delete>${elements.join('')}</Delete>` })).status,
        ).toBe(200);
      for (const key of keys) objects.delete(key);
    },
  }),
);

const copy = fc.record({ from: anyKey, to: anyKey }).map(
  ({ from, to }): Call => ({
    async run(send, bucket, objects) {
      const headers = { 'x-amz-copy-source': path(bucket, from) };
      const { status } = await send('PUT', path(bucket, to), { headers });
      const source = objects.get(from);
      expect(status).toBe(source === undefined ? 404 : from === to ? 400 : 200);
      if (source !== undefined) objects.set(to, source);
    },
  }),
);

const upload = fc.record({ key: anyKey, body: anyBody, isAborted: fc.boolean() }).map(
  ({ key, body, isAborted }): Call => ({
    async run(send, bucket, objects) {
      const id = textOf((await send('POST', `${path(bucket, key)}?uploads`)).text, 'UploadId');
      const part = await send('PUT', `${path(bucket, key)}?partNumber=7&uploadId=${id}`, { body });
      const document = `<CompleteMultipartUpload><Part><PartNumber>7</PartNumber><ETag>${part.headers.etag}</ETag></Part></CompleteMultipartUpload>`;
      if (isAborted) expect((await send('DELETE', `${path(bucket, key)}?uploadId=${id}`)).status).toBe(204);
      else {
        expect((await send('POST', `${path(bucket, key)}?uploadId=${id}`, { body: document })).status).toBe(200);
        // Put again, so that the ETag and the metadata are as the reference has them.
        await send('PUT', path(bucket, key), { body, headers: { 'x-amz-meta-note': 'u' } });
        objects.set(key, { body, note: 'u' });
      }
    },
  }),
);

const list = fc.record({ prefix: fc.constantFrom('', 'a', 'a/', '/', 'none'), size: fc.constantFrom(1, 3, 1000) }).map(
  ({ prefix, size }): Call => ({
    async run(send, bucket, objects) {
      const keys: string[] = [];
      let token = '';
      do {
        const { text } = await send(
          'GET',
          `/${bucket}?list-type=2&encoding-type=url&prefix=${prefix}&max-keys=${size}${token}`,
        );
        keys.push(...textsOf(text, 'Key').map(decodeURIComponent));
        const next = textOf(text, 'NextContinuationToken');
        token = next === undefined ? '' : `&continuation-token=${next}`;
      } while (token !== '');
      expect(keys).toEqual(inOrder([...objects.keys()].filter((key) => key.startsWith(prefix))));
    },
  }),
);

it('any sequence of calls is answered as a map of objects would', async () => {
  const { send } = await startS3();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.oneof(put, put, get, remove, copy, upload, list), { maxLength: 20 }),
      async (calls) => {
        count++;
        const bucket = `bucket-${count}`;
        await send('PUT', `/${bucket}`);
        const objects: Reference = new Map();
        for (const call of calls) await call.run(send, bucket, objects);
        const { text } = await send('GET', `/${bucket}?encoding-type=url`);
        expect(textsOf(text, 'Key').map(decodeURIComponent)).toEqual(inOrder(objects.keys()));
      },
    ),
    { numRuns: runs(25, 400), seed: 21 },
  );
});
