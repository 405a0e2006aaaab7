/**
 * One epoch of a Pipe channel as readers ask for it: a stream of joined objects, or the objects one after another, where
 * RecordIO is around each or the format says where one ends. It comes once, and can be looked at before it is read: the
 * first object is kept meanwhile.
 */
import type { DataSource, Sources } from '../formats/reader.js';
import { ByteWindow } from './objects/byte-window.js';
import { spoolParquet } from './objects/parquet-objects.js';
import { recordObjects } from './objects/record-objects.js';
import { openSpool, type Spool } from './objects/spool.js';
import { rewindable } from './rewindable.js';
import { openChunks, piecesOf } from './streams.js';

export interface PipeEpoch {
  /** Its start: the stream, or the first object. */
  look(): Sources;
  /** All of it, for the last time. */
  take(): Sources;
}

export interface EpochForm {
  /** Whether RecordIO is around each object (RecordWrapperType). */
  readonly isWrapped: boolean;
  /** Whether objects are read as files; without RecordIO around them they must be Parquet. */
  readonly needsFiles: boolean;
}

/** @param source the FIFO */
export function openEpoch(source: DataSource, { isWrapped, needsFiles }: EpochForm): PipeEpoch {
  if (!isWrapped && !needsFiles) {
    const { look, take } = rewindable({ ...source, isPipe: true });
    return { look: () => [look], take: () => [take] };
  }
  if (!isWrapped) return objectEpoch(source, (window) => parquetFiles(window, source.label));
  const label = source.label;
  return objectEpoch(source, (window) => (needsFiles ? recordFiles(window, label) : recordStreams(window, label)));
}

// --- internal ---

interface OpenObject {
  readonly look: DataSource;
  readonly take: DataSource;
  close(): void;
}

type NextObject = () => Promise<OpenObject | undefined>;

function objectEpoch(source: DataSource, objectsOf: (window: ByteWindow) => NextObject): PipeEpoch {
  let window: ByteWindow | undefined;
  let next: NextObject | undefined;
  let first: Promise<OpenObject | undefined> | undefined;
  const open = async () => {
    window = new ByteWindow(await source.open());
    next = objectsOf(window);
    return next();
  };
  const firstObject = () => {
    first ??= open();
    return first;
  };
  return {
    async *look() {
      const object = await firstObject();
      if (object) yield object.look;
    },
    async *take() {
      try {
        for (let object = await firstObject(); object; object = await next?.()) {
          try {
            yield object.take;
          } finally {
            object.close();
          }
        }
      } finally {
        window?.close();
      }
    },
  };
}

function parquetFiles(window: ByteWindow, epoch: string): NextObject {
  let count = 0;
  return async () => {
    const label = `${epoch} object ${++count}`;
    const spool = await spoolParquet(window, label);
    return spool && fileObject(spool, label);
  };
}

function recordFiles(window: ByteWindow, epoch: string): NextObject {
  const next = recordObjects(window, epoch);
  return async () => {
    const object = await next();
    if (!object) return undefined;
    const spool = openSpool(object.label);
    try {
      for await (const piece of piecesOf(object, PIECE_BYTES)) spool.write(piece);
    } catch (error) {
      spool.close();
      throw error;
    }
    return fileObject(spool, object.label);
  };
}

function recordStreams(window: ByteWindow, epoch: string): NextObject {
  const next = recordObjects(window, epoch);
  return async () => {
    const object = await next();
    if (!object) return undefined;
    const { label } = object;
    return {
      ...rewindable({ name: label, label, open: () => openChunks(piecesOf(object, PIECE_BYTES), label) }),
      close() {},
    };
  };
}

function fileObject(spool: Spool, label: string): OpenObject {
  const open = () => Promise.reject(new TypeError(`${label} is read as a file.`));
  const source: DataSource = { name: label, label, descriptor: spool.descriptor, open };
  return { look: source, take: source, close: () => spool.close() };
}

const PIECE_BYTES = 64 * 1024;
