/**
 * Uploads in parts that are not complete yet. Each part is a file in the upload's folder; completing writes them one after
 * the other to one file. A restart continues with what was uploaded.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ServiceError } from '../service-error.js';
import type { Database } from '../store/database.js';
import type { BodyChecksum } from './body.js';
import type { ChecksumAlgorithm, ChecksumType } from './checksum.js';
import type { ObjectDetails } from './object-details.js';
import { noSuchUpload } from './s3-errors.js';
import type { StagedFile } from './staging.js';

export interface UploadSettings {
  readonly details: ObjectDetails;
  /** Of the object; undefined if the client asked for none. */
  readonly algorithm?: ChecksumAlgorithm;
  readonly type?: ChecksumType;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly started: Date;
  readonly settings: UploadSettings;
}

export interface UploadPart {
  /** 1 to 10,000. */
  readonly number: number;
  readonly bytes: number;
  readonly etag: string;
  readonly checksum: BodyChecksum;
  readonly modified: Date;
  /** Name of its file in the upload's folder. */
  readonly file: string;
}

export class UploadStore {
  readonly #sql: Database['sql'];
  readonly #folder: string;
  readonly #completing = new Set<string>();

  /** @param folder of the uploads' folders; those of uploads that are over are removed, and files that did not become a part */
  constructor(database: Database, folder: string) {
    this.#sql = database.sql;
    this.#folder = folder;
    for (const id of readdirSync(folder)) {
      const upload = this.#find(id);
      if (upload === undefined) this.#removeFolder(id);
      else this.#removeUnfinished(upload);
    }
  }

  start(bucket: string, key: string, settings: UploadSettings): Upload {
    const started = new Date();
    // IDs are in order of start, as listings are.
    const id = started.getTime().toString(16).padStart(12, '0') + randomUUID().replaceAll('-', '');
    const upload = { id, bucket, key, started, settings };
    mkdirSync(this.folderOf(upload));
    this.#sql
      .prepare('INSERT INTO upload VALUES (?, ?, ?, ?, ?)')
      .run(upload.id, bucket, key, upload.started.getTime(), JSON.stringify(settings));
    return upload;
  }

  /** @throws ServiceError NoSuchUpload */
  get(bucket: string, key: string, id: string): Upload {
    const upload = this.#find(id);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(id);
    return upload;
  }

  folderOf({ id }: Upload): string {
    return join(this.#folder, id);
  }

  /** In order of keys, then of start. */
  list(bucket: string): Upload[] {
    const rows = this.#sql.prepare('SELECT * FROM upload WHERE bucket = ? ORDER BY key, id').all(bucket);
    return (rows as unknown as UploadRow[]).map(readUpload);
  }

  /** In order of their numbers. */
  parts({ id }: Upload): UploadPart[] {
    const rows = this.#sql.prepare('SELECT * FROM part WHERE upload = ? ORDER BY number').all(id);
    return (rows as unknown as PartRow[]).map(readPartRow);
  }

  /** Keeps a part; the one that had its number is gone then. @throws ServiceError NoSuchUpload if the upload has ended */
  addPart(upload: Upload, staged: StagedFile, part: Pick<UploadPart, 'number' | 'etag' | 'checksum'>): UploadPart {
    try {
      this.get(upload.bucket, upload.key, upload.id);
      this.#refuseWhileCompleting(upload);
    } catch (error) {
      rmSync(staged.path, { force: true });
      throw error;
    }
    const replaced = this.parts(upload).find(({ number }) => number === part.number);
    const file = staged.path.slice(this.folderOf(upload).length + 1);
    const added = { ...part, bytes: staged.bytes, modified: new Date(), file };
    this.#sql
      .prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?, ?)')
      .run(
        upload.id,
        part.number,
        file,
        staged.bytes,
        part.etag,
        JSON.stringify(part.checksum),
        added.modified.getTime(),
      );
    if (replaced !== undefined) rmSync(join(this.folderOf(upload), replaced.file), { force: true });
    return added;
  }

  /** Bytes of the parts, one after the other. */
  async *read(upload: Upload, parts: readonly UploadPart[]): AsyncGenerator<Uint8Array, void, void> {
    for (const { file } of parts)
      yield* createReadStream(join(this.folderOf(upload), file), { highWaterMark: 1 << 20 });
  }

  /** Runs the completion of an upload, which nothing else changes meanwhile. */
  async complete<T>(upload: Upload, run: () => Promise<T>): Promise<T> {
    this.#refuseWhileCompleting(upload);
    this.#completing.add(upload.id);
    try {
      return await run();
    } finally {
      this.#completing.delete(upload.id);
    }
  }

  /** Ends an upload: its parts are removed. */
  end(upload: Upload): void {
    this.#sql.prepare('DELETE FROM part WHERE upload = ?').run(upload.id);
    this.#sql.prepare('DELETE FROM upload WHERE id = ?').run(upload.id);
    this.#removeFolder(upload.id);
  }

  /** @throws ServiceError OperationAborted if it is being completed */
  abort(upload: Upload): void {
    this.#refuseWhileCompleting(upload);
    this.end(upload);
  }

  #find(id: string): Upload | undefined {
    const row = this.#sql.prepare('SELECT * FROM upload WHERE id = ?').get(id) as UploadRow | undefined;
    return row && readUpload(row);
  }

  #removeFolder(id: string): void {
    rmSync(join(this.#folder, id), { recursive: true, force: true });
  }

  /** What a killed server was writing. */
  #removeUnfinished(upload: Upload): void {
    const kept = new Set(this.parts(upload).map(({ file }) => file));
    const folder = this.folderOf(upload);
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder)) {
      if (!kept.has(name)) rmSync(join(folder, name), { recursive: true, force: true });
    }
  }

  #refuseWhileCompleting({ id }: Upload): void {
    if (!this.#completing.has(id)) return;
    const message = 'A conflicting conditional operation is currently in progress against this resource. Try again.';
    throw new ServiceError('OperationAborted', message, 409);
  }
}

// --- internal ---

interface UploadRow {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly started_ms: number;
  readonly settings: string;
}

interface PartRow {
  readonly number: number;
  readonly file: string;
  readonly bytes: number;
  readonly etag: string;
  readonly checksum: string;
  readonly modified_ms: number;
}

function readUpload({ id, bucket, key, started_ms, settings }: UploadRow): Upload {
  return { id, bucket, key, started: new Date(started_ms), settings: JSON.parse(settings) as UploadSettings };
}

function readPartRow({ number, file, bytes, etag, checksum, modified_ms }: PartRow): UploadPart {
  const parsed = JSON.parse(checksum) as BodyChecksum;
  return { number, file, bytes, etag, checksum: parsed, modified: new Date(modified_ms) };
}
