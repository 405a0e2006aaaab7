/** The JavaScript SDK with S3. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import * as sdk from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { check, run } from './steps.js';

const s3 = new sdk.S3();
const Bucket = 'js-bucket';
const Key = 'a/ü b+c.txt';
const bytes = randomBytes(11 << 20);

const read = async (key, more = {}) =>
  Buffer.from(await (await s3.getObject({ Bucket, Key: key, ...more })).Body.transformToByteArray());

await run(['@aws-sdk/client-s3'], {
  async buckets() {
    await s3.createBucket({ Bucket });
    await sdk.waitUntilBucketExists({ client: s3, maxWaitTime: 600 }, { Bucket });
    const { Buckets } = await s3.listBuckets();
    check(
      Buckets.some(({ Name }) => Name === Bucket),
      Buckets,
    );
  },
  async objects() {
    await s3.putObject({ Bucket, Key, Body: 'hello', Metadata: { k: 'v' }, ContentType: 'text/plain' });
    const got = await s3.getObject({ Bucket, Key });
    check((await got.Body.transformToString()) === 'hello' && got.Metadata.k === 'v' && got.ChecksumCRC32, got);
    check((await read(Key, { Range: 'bytes=1-2' })).toString() === 'el');
  },
  // A stream's checksum is sent behind it: STREAMING-UNSIGNED-PAYLOAD-TRAILER.
  async 'a stream, with its checksum behind it'() {
    for (const ChecksumAlgorithm of [undefined, 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']) {
      const Body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000, 200_000)]);
      await s3.putObject({ Bucket, Key: 'stream', Body, ContentLength: 200_000, ChecksumAlgorithm });
      check((await read('stream', { ChecksumMode: 'ENABLED' })).equals(bytes.subarray(0, 200_000)), ChecksumAlgorithm);
    }
  },
  async 'uploads in parts'() {
    const { ETag } = await new Upload({
      client: s3,
      params: { Bucket, Key: 'big', Body: Readable.from([bytes]) },
    }).done();
    check(ETag.endsWith('-3"'), ETag);
    check((await read('big')).equals(bytes), 'big');
  },
  async copies() {
    await s3.copyObject({ Bucket, Key: 'copy', CopySource: `${Bucket}/${encodeURIComponent(Key)}` });
    check((await s3.headObject({ Bucket, Key: 'copy' })).Metadata.k === 'v');
  },
  async listings() {
    const keys = [];
    for await (const page of sdk.paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket })) {
      keys.push(...page.Contents.map((found) => found.Key));
    }
    check(keys.join() === [Key, 'big', 'copy', 'stream'].join(), keys);
  },
  async 'presigned URLs'() {
    const url = await getSignedUrl(s3, new sdk.GetObjectCommand({ Bucket, Key }), { expiresIn: 60 });
    check((await (await fetch(url)).text()) === 'hello', url);
  },
  async errors() {
    const name = await s3.getObject({ Bucket, Key: 'none' }).catch((error) => error.name);
    check(name === 'NoSuchKey', name);
    const condition = await s3.putObject({ Bucket, Key, Body: 'x', IfNoneMatch: '*' }).catch((error) => error.name);
    check(condition === 'PreconditionFailed', condition);
  },
  async removals() {
    const { Contents } = await s3.listObjectsV2({ Bucket });
    await s3.deleteObjects({ Bucket, Delete: { Objects: Contents.map((found) => ({ Key: found.Key })) } });
    await s3.deleteBucket({ Bucket });
  },
});
