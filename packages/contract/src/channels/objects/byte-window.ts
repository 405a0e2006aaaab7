/**
 * A window on a stream: bytes can be looked at before they are taken, and long runs of them pass through without being held.
 */
import type { ByteStream } from '../../formats/reader.js';

const CHUNK_BYTES = 256 * 1024;

export class ByteWindow {
  readonly #stream: ByteStream;
  #buffer = new Uint8Array(CHUNK_BYTES);
  #start = 0;
  #end = 0;
  #taken = 0;
  #isEnded = false;

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  /** Bytes taken so far. */
  get position(): number {
    return this.#taken;
  }

  /** What is there without another read; valid until the next call. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Reads until `count` bytes are there; fewer only at the end of the stream. */
  async fill(count: number): Promise<Uint8Array> {
    if (this.#end - this.#start < count) this.#makeRoom(count);
    while (this.#end - this.#start < count && !this.#isEnded) {
      const read = await this.#stream.read(this.#buffer.subarray(this.#end));
      this.#isEnded = read === 0;
      this.#end += read;
    }
    return this.bytes;
  }

  /** Takes some of the next `most` bytes, which are valid until the next call; none at the end of the stream. */
  async take(most: number): Promise<Uint8Array> {
    if (most === 0) return this.#buffer.subarray(0, 0);
    const taken = (await this.fill(1)).subarray(0, most);
    this.drop(taken.length);
    return taken;
  }

  /** Passes over bytes that are there. */
  drop(count: number): void {
    this.#start += count;
    this.#taken += count;
  }

  close(): void {
    this.#stream.close();
  }

  #makeRoom(count: number): void {
    const held = this.bytes;
    if (count > this.#buffer.length) {
      this.#buffer = new Uint8Array(count);
      this.#buffer.set(held);
    } else if (this.#start > 0) this.#buffer.set(held);
    this.#start = 0;
    this.#end = held.length;
  }
}
