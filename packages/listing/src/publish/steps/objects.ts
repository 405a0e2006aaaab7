/** Files as objects in S3. Each object says in its metadata who made it and of which content, so none is sent twice. */
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ArgumentError, digestFile, JobError } from '@algo/local';
import { unlessMissing } from '../aws-error.js';
import { hasMarks, objectsOf } from '../bucket-objects.js';
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
  /** Jobs read all objects whose keys begin so: what else is there is removed, or refused where it is somebody else's. */
  prefixes?(): readonly string[];
  /** @throws JobError where the objects must stay as they are for now */
  beforeChange?(): Promise<void>;
}

/** S3's limit of an object that is sent in one part. */
const PART_MAX_BYTES = 5 * 2 ** 30;
/** Up to here an object is sent from memory: the SDK sends it again where it is throttled, which it cannot do with a stream. */
const WHOLE_MAX_BYTES = 100e6;

export function objectsStep(context: PublishContext, request: ObjectsRequest): Step {
  const { s3 } = context.clients;
  const { bucket: Bucket } = context.source.seller;
  const { name } = request;
  return {
    name,
    makes: [request.makes],
    hours: [0, 1],
    async isDone() {
      const { all, missing, stale } = await findDifference(context, request);
      const isDone = missing.length === 0 && stale.length === 0;
      const found = missing.length === 0 ? `${count(all)} there` : `${missing.length} of ${count(all)} missing`;
      const left = stale.length === 0 ? '' : `; removes ${listed(stale)}, which the sample data has no more`;
      return { isDone, isPartly: missing.length < all || stale.length > 0, text: `${found}${left}` };
    },
    async do() {
      await request.beforeChange?.();
      const { missing, stale } = await findDifference(context, request);
      for (const [i, { key: Key, path }] of missing.entries()) {
        if (context.request.stop?.aborted) throw new JobError('stopped');
        context.progress(`${name}: ${i + 1} of ${count(missing.length)}`);
        const ContentLength = statSync(path).size;
        if (ContentLength > PART_MAX_BYTES) {
          throw new ArgumentError(
            `${path} must have 5 GiB or less, as an upload in one part; it has ${ContentLength} bytes.`,
          );
        }
        const Metadata = metadataOf(context.mark, await digestFile(path));
        await s3.putObject({ Bucket, Key, Body: await bodyOf(path, ContentLength), ContentLength, Metadata });
      }
      for (const Key of stale) await s3.deleteObject({ Bucket, Key });
      return `uploaded ${count(missing.length)}${stale.length === 0 ? '' : `, removed ${count(stale.length)}`}`;
    },
  };
}

// --- internal ---

interface Difference {
  /** How many there must be. */
  readonly all: number;
  readonly missing: readonly Upload[];
  /** Keys of our objects that are no more to be there. */
  readonly stale: readonly string[];
}

async function findDifference(
  context: PublishContext,
  { uploads, prefixes }: Pick<ObjectsRequest, 'uploads' | 'prefixes'>,
): Promise<Difference> {
  const all = await uploads();
  const missing: Upload[] = [];
  for (const upload of all) if (!(await isThere(context, upload))) missing.push(upload);
  const wanted = new Set(all.map(({ key }) => key));
  return { all: all.length, missing, stale: await findStale(context, prefixes?.() ?? [], wanted) };
}

/** @throws ArgumentError for somebody else's object, which jobs would read too */
async function findStale(
  context: PublishContext,
  prefixes: readonly string[],
  wanted: ReadonlySet<string>,
): Promise<readonly string[]> {
  const { bucket: Bucket } = context.source.seller;
  const found = new Set<string>();
  for (const prefix of prefixes) {
    for (const { key } of await objectsOf(context, prefix)) {
      if (wanted.has(key) || key.endsWith('/')) continue; // such a key is a folder of the console's
      if (!(await hasMarks(context, key))) {
        throw new ArgumentError(
          `s3://${Bucket}/${key} is somebody else's, and the validation would read it as sample data. Choose another --bucket, or remove it yourself.`,
        );
      }
      found.add(key);
    }
  }
  return [...found];
}

/** @throws ArgumentError for somebody else's object with another content */
async function isThere({ clients, source, mark }: PublishContext, { key: Key, path }: Upload): Promise<boolean> {
  const { bucket: Bucket } = source.seller;
  const found = await unlessMissing(clients.s3.headObject({ Bucket, Key }));
  if (!found) return false;
  if (found.Metadata?.[SHA256] === (await digestFile(path))) return true;
  if (isOwnObject(found.Metadata, mark)) return false;
  if (found.ETag === `"${await md5Of(path)}"`) return true; // an upload in one part, without KMS
  throw new ArgumentError(
    `s3://${Bucket}/${Key} is somebody else's and differs from ${path}. Choose another --bucket, or remove it yourself.`,
  );
}

async function bodyOf(path: string, bytes: number) {
  return bytes <= WHOLE_MAX_BYTES ? readFile(path) : createReadStream(path);
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash('md5');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function count(objects: number): string {
  return `${objects} object${objects === 1 ? '' : 's'}`;
}

/** The first few. */
function listed(keys: readonly string[]): string {
  const more = keys.length - SHOWN_KEYS;
  return `${keys.slice(0, SHOWN_KEYS).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const SHOWN_KEYS = 5;
