import { expect, it } from 'vitest';
import { startS3, textOf } from './scene.js';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const VERSION_4 = {
  'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
  'X-Amz-Credential': 'key/20260102/us-east-1/s3/aws4_request',
  'X-Amz-Date': '20260102T030405Z',
  'X-Amz-Expires': '60',
  'X-Amz-SignedHeaders': 'host',
  'X-Amz-Signature': '0'.repeat(64),
};
const VERSION_2 = { AWSAccessKeyId: 'key', Signature: 'AAAA', Expires: String(START / 1000 + 60) };

it('a presigned URL works until it expires, for reads and writes, in both versions of signatures', async () => {
  let now = START;
  const { send } = await startS3({ now: () => now });

  for (const query of [VERSION_4, VERSION_2]) {
    const path = `/bucket/a?${new URLSearchParams(query)}`;
    now = START + 59_999;
    const put = await send('PUT', path, { body: 'x' });
    const got = await send('GET', path);
    now = START + 60_000;
    const late = await send('GET', path);

    expect([put.status, got.text]).toEqual([200, 'x']);
    expect([late.status, textOf(late.text, 'Code'), textOf(late.text, 'Message')]).toEqual([
      403,
      'AccessDenied',
      'Request has expired',
    ]);
  }
});

it.each([
  [{ 'X-Amz-Expires': '604801' }, 'AuthorizationQueryParametersError'],
  [{ 'X-Amz-Expires': 'soon' }, 'AuthorizationQueryParametersError'],
  [{ 'X-Amz-Date': '2026-01-02' }, 'AuthorizationQueryParametersError'],
  [{ 'X-Amz-Algorithm': 'other' }, 'AuthorizationQueryParametersError'],
  [{ 'X-Amz-Signature': '' }, 'AuthorizationQueryParametersError'],
  [{ 'X-Amz-Date': '20260102T040405Z' }, 'AccessDenied'],
])('a presigned URL with %o is refused', async (change, code) => {
  const { send } = await startS3({ now: () => START });

  const { text } = await send('GET', `/bucket/a?${new URLSearchParams({ ...VERSION_4, ...change })}`);

  expect(textOf(text, 'Code')).toBe(code);
});
