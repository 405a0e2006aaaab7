import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { type Send, startS3, textOf } from './scene.js';

/** Of "123456789": the check values of the CRC catalogue and of RFC 3174 and FIPS 180, in base64. */
const CHECK_TEXT = '123456789';
const CHECK_VALUES = {
  crc32: Buffer.from('cbf43926', 'hex'),
  crc32c: Buffer.from('e3069283', 'hex'),
  crc64nvme: Buffer.from('ae8b14860a799888', 'hex'),
  sha1: createHash('sha1').update(CHECK_TEXT).digest(),
  sha256: createHash('sha256').update(CHECK_TEXT).digest(),
};
const ALGORITHMS = Object.entries(CHECK_VALUES).map(([name, value]) => [name, value.toString('base64')] as const);

/** What a client sends with `aws-chunked`. */
function putChunked(send: Send, body: string, headers: Record<string, string>) {
  return send('PUT', '/bucket/a', {
    body,
    headers: {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'content-encoding': 'aws-chunked',
      ...headers,
    },
  });
}

it('each checksum is checked as a header, kept, and answered when the client asks', async () => {
  const { send, store } = await startS3();

  for (const [name, value] of ALGORITHMS) {
    const put = await send('PUT', `/bucket/${name}`, {
      body: CHECK_TEXT,
      headers: { [`x-amz-checksum-${name}`]: value },
    });
    const got = await send('HEAD', `/bucket/${name}`, { headers: { 'x-amz-checksum-mode': 'ENABLED' } });
    const plain = await send('HEAD', `/bucket/${name}`);
    const wrong = await send('PUT', `/bucket/wrong`, { body: 'other', headers: { [`x-amz-checksum-${name}`]: value } });

    expect(put).toMatchObject({ status: 200, headers: { [`x-amz-checksum-${name}`]: value } });
    expect(got.headers).toMatchObject({ [`x-amz-checksum-${name}`]: value, 'x-amz-checksum-type': 'FULL_OBJECT' });
    expect(plain.headers).not.toHaveProperty(`x-amz-checksum-${name}`);
    expect([wrong.status, textOf(wrong.text, 'Code')]).toEqual([400, 'BadDigest']);
  }
  expect(store.find('bucket', 'wrong')).toBeUndefined();
  expect(readdirSync(store.staging)).toEqual([]);
});

it('each checksum is checked as a trailer of an aws-chunked body, as the JavaScript and Python SDKs send it', async () => {
  const { send } = await startS3();
  const headers = (name: string) => ({
    'x-amz-decoded-content-length': '9',
    'x-amz-trailer': `x-amz-checksum-${name}`,
  });

  for (const [name, value] of ALGORITHMS) {
    const trailer = `x-amz-checksum-${name}`;
    const put = await putChunked(send, `4\r\n1234\r\n5\r\n56789\r\n0\r\n${trailer}:${value}\r\n\r\n`, headers(name));
    const got = await send('GET', '/bucket/a');
    const wrong = await putChunked(send, `9\r\n12345678x\r\n0\r\n${trailer}:${value}\r\n\r\n`, headers(name));
    const missing = await putChunked(send, '9\r\n123456789\r\n0\r\n\r\n', headers(name));

    expect(put).toMatchObject({ status: 200, headers: { [trailer]: value } });
    expect(got.text).toBe(CHECK_TEXT);
    expect(got.headers).not.toHaveProperty('content-encoding');
    expect(textOf(wrong.text, 'Code')).toBe('BadDigest');
    expect(textOf(missing.text, 'Code')).toBe('MalformedTrailerError');
  }
});

it('chunks that are signed are read too, with signed trailers and without', async () => {
  const { send } = await startS3();
  const signature = `;chunk-signature=${'0'.repeat(64)}`;
  const chunks = `9${signature}\r\n123456789\r\n0${signature}\r\n`;
  const headers = { 'content-encoding': 'aws-chunked,gzip', 'x-amz-decoded-content-length': '9' };
  const value = crc32(CHECK_TEXT).toString(16).padStart(8, '0');
  const checksum = Buffer.from(value, 'hex').toString('base64');

  const signed = await putChunked(send, `${chunks}\r\n`, {
    ...headers,
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  });
  const got = await send('GET', '/bucket/a');
  const trailers = `x-amz-checksum-crc32:${checksum}\r\nx-amz-trailer-signature:${'0'.repeat(64)}\r\n`;
  const withTrailers = await putChunked(send, `${chunks}${trailers}\r\n`, {
    ...headers,
    'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
    'x-amz-trailer': 'x-amz-checksum-crc32',
  });

  expect(signed.status).toBe(200);
  expect(got).toMatchObject({ text: CHECK_TEXT, headers: { 'content-encoding': 'gzip' } });
  expect(withTrailers).toMatchObject({ status: 200, headers: { 'x-amz-checksum-crc32': checksum } });
});

it.each([
  ['a size that is not hexadecimal', 'x\r\n123456789\r\n0\r\n\r\n', 'InvalidChunkSizeError'],
  ['data longer than its size', '4\r\n123456789\r\n0\r\n\r\n', 'InvalidChunkSizeError'],
  ['a line without end', 'f'.repeat(9000), 'InvalidChunkSizeError'],
  ['an end in the data', '9\r\n1234', 'IncompleteBody'],
  ['an end before the last chunk', '9\r\n123456789\r\n', 'IncompleteBody'],
  ['less data than announced', '4\r\n1234\r\n0\r\n\r\n', 'IncompleteBody'],
  ['more data than announced', 'a\r\n1234567890\r\n0\r\n\r\n', 'IncompleteBody'],
  [
    'a trailer that it does not announce',
    '9\r\n123456789\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    'MalformedTrailerError',
  ],
  ['a trailer without a name', '9\r\n123456789\r\n0\r\n:x\r\n\r\n', 'MalformedTrailerError'],
])('an aws-chunked body with %s is refused, and nothing is kept', async (_, body, code) => {
  const { send, store } = await startS3();

  const put = await putChunked(send, body, { 'x-amz-decoded-content-length': '9' });

  expect([put.status, textOf(put.text, 'Code')]).toEqual([400, code]);
  expect(store.find('bucket', 'a')).toBeUndefined();
  expect(readdirSync(store.staging)).toEqual([]);
});

it('Content-MD5 and the signed SHA-256 are checked', async () => {
  const { send } = await startS3();
  const md5 = createHash('md5').update('x').digest('base64');
  const sha256 = createHash('sha256').update('x').digest('hex');
  const codeOf = async (body: string, headers: Record<string, string>) =>
    textOf((await send('PUT', '/bucket/a', { body, headers })).text, 'Code');

  expect(await codeOf('x', { 'content-md5': md5, 'x-amz-content-sha256': sha256 })).toBeUndefined();
  expect(await codeOf('y', { 'content-md5': md5 })).toBe('BadDigest');
  expect(await codeOf('x', { 'content-md5': 'abc' })).toBe('InvalidDigest');
  expect(await codeOf('y', { 'x-amz-content-sha256': sha256 })).toBe('XAmzContentSHA256Mismatch');
});

it('claims that contradict each other or have no size are refused', async () => {
  const { send } = await startS3();
  const codeOf = async (headers: Record<string, string>) =>
    textOf((await send('PUT', '/bucket/a', { body: 'x', headers })).text, 'Code');

  expect(await codeOf({ 'x-amz-checksum-crc32': 'AAAAAA==', 'x-amz-checksum-sha1': 'AA==' })).toBe('InvalidRequest');
  expect(await codeOf({ 'x-amz-checksum-crc32': 'AA==' })).toBe('InvalidRequest');
  expect(await codeOf({ 'x-amz-sdk-checksum-algorithm': 'MD4' })).toBe('InvalidArgument');
  expect(await codeOf({ 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' })).toBe('MissingContentLength');
});
