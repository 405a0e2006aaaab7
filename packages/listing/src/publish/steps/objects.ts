/** Files as objects in S3. Each object says in its metadata who made it and of which content, so none is sent twice. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ArgumentError } from '@algo/local';
import { unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { isOwnObject, metadataOf, SHA256 } from '../mark.js';
import type { Step } from '../step.js';

export interface Upload {
  readonly key: string;
  readonly path: string;
}

export interface ObjectsRequest {
  readonly name: string;
  readonly makes: string;
  /** Read when the step is run. */
  uploads(): Promise<readonly Upload[]>;
}

/** S3's limit of an object that is sent in one part. */
const PART_MAX_BYTES = 5 * 2 ** 30;
/** Up to here an object is sent from memory: the SDK sends it again where it is throttled, which it cannot do with a stream. */
const WHOLE_MAX_BYTES = 100e6;

export function objectsStep(context: PublishContext, { name, makes, uploads }: ObjectsRequest): Step {
  const { s3 } = context.clients;
  const { bucket: Bucket } = context.source.seller;
  const missing = async (): Promise<readonly Upload[]> => {
    const all = await uploads();
    const found: Upload[] = [];
    for (const upload of all) if (!(await isThere(context, upload))) found.push(upload);
    return found;
  };
  return {
    name,
    makes: [makes],
    hours: [0, 1],
    async isDone() {
      const left = (await missing()).length;
      const all = (await uploads()).length;
      const text = left === 0 ? `${count(all)} there` : `${left} of ${count(all)} missing`;
      return { isDone: left === 0, isPartly: left < all, text };
    },
    async do() {
      const left = await missing();
      for (const [i, { key: Key, path }] of left.entries()) {
        context.progress(`${name}: ${i + 1} of ${count(left.length)}`);
        const ContentLength = statSync(path).size;
        if (ContentLength > PART_MAX_BYTES) {
          throw new ArgumentError(
            `${path} must have 5 GiB or less, as an upload in one part; it has ${ContentLength} bytes.`,
          );
        }
        const Metadata = metadataOf(context.mark, (await digest(path, 'sha256')).toString('hex'));
        await s3.putObject({ Bucket, Key, Body: await bodyOf(path, ContentLength), ContentLength, Metadata });
      }
      return `uploaded ${count(left.length)}`;
    },
  };
}

// --- internal ---

/** @throws ArgumentError for somebody else's object with another content */
async function isThere({ clients, source, mark }: PublishContext, { key: Key, path }: Upload): Promise<boolean> {
  const { bucket: Bucket } = source.seller;
  const found = await unlessMissing(clients.s3.headObject({ Bucket, Key }));
  if (!found) return false;
  if (found.Metadata?.[SHA256] === (await digest(path, 'sha256')).toString('hex')) return true;
  if (isOwnObject(found.Metadata, mark)) return false;
  if (found.ETag === `"${(await digest(path, 'md5')).toString('hex')}"`) return true; // an upload in one part, without KMS
  throw new ArgumentError(
    `s3://${Bucket}/${Key} is somebody else's and differs from ${path}. Choose another --bucket, or remove it yourself.`,
  );
}

async function bodyOf(path: string, bytes: number) {
  return bytes <= WHOLE_MAX_BYTES ? readFile(path) : createReadStream(path);
}

async function digest(path: string, algorithm: 'sha256' | 'md5'): Promise<Buffer> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return hash.digest();
}

function count(objects: number): string {
  return `${objects} object${objects === 1 ? '' : 's'}`;
}
