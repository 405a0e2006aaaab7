/**
 * The objects of a Pipe channel with RecordWrapperType RecordIO: each is a record, passed on as a stream of its own, so that
 * an object may be larger than memory. A record may be split at magic numbers in it, as MXNet's writer does.
 * Sources: API Channel; dmlc-core, recordio.h.
 */
import type { ByteStream } from '../../formats/reader.js';
import { damaged, HEADER_BYTES, MAGIC, padded, SEPARATOR } from '../../formats/recordio/frames.js';
import type { ByteWindow } from './byte-window.js';

/** An object that is read once, before the next one is asked for. */
export interface RecordObject extends ByteStream {
  /** As messages name it: `train_0 object 2`. */
  readonly label: string;
}

/**
 * What gives the next object that has bytes, after what is left of the one before; undefined at the end.
 * @param epoch its label, for messages
 * @throws ClientError E_DATA_FORMAT for a stream that is no RecordIO or ends within a record
 */
export function recordObjects(window: ByteWindow, epoch: string): () => Promise<RecordObject | undefined> {
  let count = 0;
  let open: RecordStream | undefined;
  return async () => {
    await open?.skip();
    for (;;) {
      if ((await window.fill(1)).length === 0) return undefined;
      open = new RecordStream(window, `${epoch} object ${++count}`);
      if (await open.begin()) return open;
    }
  };
}

// --- internal ---

class RecordStream implements RecordObject {
  readonly label: string;
  readonly #window: ByteWindow;
  /** Bytes of the present part that are still to come, and its padding. */
  #left = 0;
  #padding = 0;
  #isLast = false;
  /** The magic number that a split record has left out, where it is to be given next. */
  #separator: Uint8Array = SEPARATOR.subarray(0, 0);

  constructor(window: ByteWindow, label: string) {
    this.#window = window;
    this.label = label;
  }

  /** Reads the record's header; whether the record has any bytes. */
  async begin(): Promise<boolean> {
    await this.#nextPart(true);
    return this.#left > 0 || !this.#isLast;
  }

  async read(target: Uint8Array): Promise<number> {
    for (;;) {
      if (this.#separator.length > 0) {
        const piece = this.#separator.subarray(0, target.length);
        this.#separator = this.#separator.subarray(piece.length);
        target.set(piece);
        return piece.length;
      }
      if (this.#left > 0) return this.#readPart(target);
      if (this.#isLast) return 0;
      await this.#nextPart(false);
      this.#separator = SEPARATOR;
    }
  }

  /** The rest of the record is passed over when the next one is asked for. */
  close(): void {}

  async skip(): Promise<void> {
    const nowhere = new Uint8Array(SKIP_BYTES);
    while ((await this.read(nowhere)) > 0);
  }

  async #readPart(target: Uint8Array): Promise<number> {
    const bytes = await this.#window.take(Math.min(this.#left, target.length));
    if (bytes.length === 0) throw damaged(this.#place, `${this.#left} more bytes must follow; the data ends`);
    target.set(bytes);
    this.#left -= bytes.length;
    if (this.#left === 0) await this.#skipPadding();
    return bytes.length;
  }

  async #skipPadding(): Promise<void> {
    const there = await this.#window.fill(this.#padding);
    if (there.length < this.#padding) throw damaged(this.#place, 'its padding must follow; the data ends');
    this.#window.drop(this.#padding);
  }

  readonly #place = () => `${this.label} (byte ${this.#window.position} of the stream)`;

  async #nextPart(isFirst: boolean): Promise<void> {
    const bytes = await this.#window.fill(HEADER_BYTES);
    if (bytes.length < HEADER_BYTES) throw damaged(this.#place, `a record must follow; the data ends`);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const magic = view.getUint32(0, true);
    if (magic !== MAGIC) {
      throw damaged(
        this.#place,
        `a record must begin with the number 0xced7230a, as RecordWrapperType RecordIO says; received 0x${magic.toString(16)}`,
      );
    }
    const word = view.getUint32(4, true);
    const flag = word >>> 29;
    const [whole, more] = isFirst ? [0, 1] : [3, 2];
    if (flag !== whole && flag !== more) {
      throw damaged(this.#place, `the flag of its next part must be ${whole} or ${more}; received ${flag}`);
    }
    this.#isLast = flag === whole;
    this.#left = word & 0x1fffffff;
    this.#padding = padded(this.#left) - this.#left;
    this.#window.drop(HEADER_BYTES);
  }
}

const SKIP_BYTES = 64 * 1024;
