/**
 * The contents of the registry, as files by their digest: `blobs/sha256/ab/ab12…`. A file gets its name when it is whole,
 * on disk and what its digest says; until then it is in `uploads`, which a new server empties.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDigest } from './digest.js';
import { registryError } from './registry-error.js';

/** Content that is being sent, in one request or many. */
export interface Upload {
  readonly id: string;
  /** Received so far. */
  readonly bytes: number;
}

export interface BlobStore {
  /** Its size in bytes; undefined when there is none. */
  sizeOf(digest: string): number | undefined;
  /** @throws Error when there is none */
  read(digest: string): Buffer;
  /** When it arrived last, in milliseconds since 1970. */
  arrivedAt(digest: string): number | undefined;
  /** Those that there are. */
  all(): readonly string[];
  /** The file, to read. */
  pathOf(digest: string): string;
  remove(digest: string): void;
  /** Begins an upload to a repository. */
  begin(repository: string): Upload;
  /** @throws ServiceError BLOB_UPLOAD_UNKNOWN when the repository has no such upload */
  find(repository: string, id: string): Upload;
  /**
   * Adds chunks at the end; what came before the client left is kept.
   * @throws ServiceError SIZE_INVALID beyond the largest layer, BLOB_UPLOAD_INVALID while another request adds
   */
  append(repository: string, id: string, chunks: AsyncIterable<Uint8Array>): Promise<Upload>;
  /**
   * Ends the upload: its content has this digest from now on.
   * @returns its size in bytes
   * @throws ServiceError DIGEST_INVALID when it has another digest; the upload is over then too
   */
  finish(repository: string, id: string, digest: string): Promise<number>;
  cancel(repository: string, id: string): void;
}

/** Amazon ECR's quota of a layer, in bytes. */
const MAX_LAYER_BYTES = 52_000 * 1024 * 1024;
/** An upload that nobody has added to for so long is given up: its client was killed. */
const MAX_IDLE_MS = 3_600_000;

interface OpenUpload {
  readonly repository: string;
  bytes: number;
  isBusy: boolean;
  touched: number;
}

export function openBlobStore(folder: string): BlobStore {
  const uploadFolder = join(folder, 'uploads');
  rmSync(uploadFolder, { recursive: true, force: true });
  mkdirSync(uploadFolder, { recursive: true });
  const uploads = new Map<string, OpenUpload>();
  const uploadPath = (id: string) => join(uploadFolder, id);
  const pathOf = (digest: string) => {
    if (!isDigest(digest))
      throw registryError('DIGEST_INVALID', `The digest must be sha256:HEX; received "${digest}".`);
    const hex = digest.slice(7);
    return join(folder, 'blobs', 'sha256', hex.slice(0, 2), hex);
  };
  const claim = (repository: string, id: string) => {
    const upload = uploads.get(id);
    if (upload?.repository !== repository) {
      throw registryError('BLOB_UPLOAD_UNKNOWN', `Repository "${repository}" has no upload "${id}".`);
    }
    if (upload.isBusy) throw registryError('BLOB_UPLOAD_INVALID', `Another request is adding to upload "${id}".`);
    return upload;
  };
  const drop = (id: string) => {
    uploads.delete(id);
    rmSync(uploadPath(id), { force: true });
  };
  return {
    pathOf,
    sizeOf: (digest) => statSync(pathOf(digest), { throwIfNoEntry: false })?.size,
    arrivedAt: (digest) => statSync(pathOf(digest), { throwIfNoEntry: false })?.mtimeMs,
    all: () =>
      readFolder(join(folder, 'blobs', 'sha256')).flatMap((start) =>
        readFolder(join(folder, 'blobs', 'sha256', start)).map((hex) => `sha256:${hex}`),
      ),
    read: (digest) => readFileSync(pathOf(digest)),
    remove: (digest) => rmSync(pathOf(digest), { force: true }),
    begin(repository) {
      for (const [id, { isBusy, touched }] of uploads) if (!isBusy && Date.now() - touched > MAX_IDLE_MS) drop(id);
      const id = randomUUID();
      uploads.set(id, { repository, bytes: 0, isBusy: false, touched: Date.now() });
      return { id, bytes: 0 };
    },
    find: (repository, id) => ({ id, bytes: claim(repository, id).bytes }),
    async append(repository, id, chunks) {
      const upload = claim(repository, id);
      upload.isBusy = true;
      try {
        const file = createWriteStream(uploadPath(id), { flags: 'a', flush: true });
        await pipeline(limited(chunks, MAX_LAYER_BYTES - upload.bytes), file);
      } finally {
        upload.bytes = statSync(uploadPath(id), { throwIfNoEntry: false })?.size ?? 0;
        upload.isBusy = false;
        upload.touched = Date.now();
      }
      return { id, bytes: upload.bytes };
    },
    async finish(repository, id, digest) {
      const upload = claim(repository, id);
      const target = pathOf(digest);
      upload.isBusy = true;
      try {
        const received = await digestOfFile(uploadPath(id));
        if (received !== digest) {
          throw registryError('DIGEST_INVALID', `The content must have the digest ${digest}; it has ${received}.`);
        }
        mkdirSync(dirname(target), { recursive: true });
        // From here to the caller's entry nothing waits: another request that removes unused files would remove this one.
        renameSync(uploadPath(id), target);
        return upload.bytes;
      } finally {
        drop(id);
      }
    },
    cancel(repository, id) {
      claim(repository, id);
      drop(id);
    },
  };
}

// --- internal ---

function readFolder(path: string): readonly string[] {
  return existsSync(path) ? readdirSync(path) : [];
}

async function* limited(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw registryError('SIZE_INVALID', `A layer must have up to ${MAX_LAYER_BYTES} bytes; received more.`);
    }
    yield chunk;
  }
}

/** Of an upload that no chunk was added to, the digest of nothing; its file is made. */
async function digestOfFile(path: string): Promise<string> {
  await (await open(path, 'a')).close();
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return `sha256:${hash.digest('hex')}`;
}
