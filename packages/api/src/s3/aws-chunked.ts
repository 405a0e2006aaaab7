/**
 * The encoding `aws-chunked` of a body, in which clients send checksums behind the data:
 *
 *     SIZE[;chunk-signature=…]\r\n DATA \r\n … 0[;…]\r\n [x-amz-checksum-crc32:…\r\n …] \r\n
 *
 * Signatures of chunks are not checked: this server has no secrets. Checksums are.
 * Source: Amazon S3 API Reference, "Signature calculations for trailing headers (chunked uploads)".
 */
import { ServiceError } from '../service-error.js';

/** A line has a size with a signature (about 100 bytes), or a checksum; more is no line of a client. */
const MAX_LINE_BYTES = 4096;
const MAX_TRAILERS = 16;

/**
 * The data of the body.
 * @param trailers gets what follows the data, by names in lower case
 * @throws ServiceError IncompleteBody, InvalidChunkSizeError or MalformedTrailerError
 */
export async function* decodeChunks(
  source: AsyncIterable<Uint8Array>,
  trailers: Map<string, string>,
): AsyncGenerator<Uint8Array, void, void> {
  const reader = new LineReader(source);
  for (;;) {
    const size = readSize(await reader.line());
    if (size === 0) break;
    yield* reader.bytes(size);
    if ((await reader.line()) !== '') throw invalidSize(`its data must end after ${size} bytes`);
  }
  for (let line = await reader.lastLine(); line !== ''; line = await reader.lastLine()) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name === undefined || trailers.size >= MAX_TRAILERS) throw malformedTrailer();
    trailers.set(name.toLowerCase(), value!.trim());
  }
}

/** Trailers that are none, are too many, or are not those that the request announces. */
export function malformedTrailer(): ServiceError {
  return new ServiceError(
    'MalformedTrailerError',
    'The request contained trailing data that was not well-formed or did not conform to our published schema.',
  );
}

export function incompleteBody(): ServiceError {
  return new ServiceError(
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  );
}

// --- internal ---

function readSize(line: string): number {
  const [, digits] = /^([0-9a-f]{1,12})(?:;.*)?$/i.exec(line) ?? [];
  if (digits === undefined) throw invalidSize(`its size must be hexadecimal; received "${line.slice(0, 40)}"`);
  return Number.parseInt(digits, 16);
}

function invalidSize(detail: string): ServiceError {
  return new ServiceError('InvalidChunkSizeError', `A chunk of the body is not well-formed: ${detail}.`);
}

class LineReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf('\r\n');
      if (end >= 0) return this.#take(end + 2).toString('latin1', 0, end);
      if (this.#held.length > MAX_LINE_BYTES) throw invalidSize(`a line must not exceed ${MAX_LINE_BYTES} bytes`);
      if (!(await this.#fill())) throw incompleteBody();
    }
  }

  /** The next line, or '' at the end of the body: some clients send no empty line at the end. */
  async lastLine(): Promise<string> {
    return this.#held.length > 0 || (await this.#fill()) ? this.line() : '';
  }

  async *bytes(count: number): AsyncGenerator<Uint8Array, void, void> {
    for (let left = count; left > 0; ) {
      if (this.#held.length === 0 && !(await this.#fill())) throw incompleteBody();
      const part = this.#take(Math.min(left, this.#held.length));
      left -= part.length;
      yield part;
    }
  }

  #take(count: number): Buffer {
    const taken = this.#held.subarray(0, count);
    this.#held = this.#held.subarray(count);
    return taken;
  }

  async #fill(): Promise<boolean> {
    const { done, value } = await this.#source.next();
    if (done) return false;
    this.#held =
      this.#held.length === 0
        ? Buffer.from(value.buffer, value.byteOffset, value.length)
        : Buffer.concat([this.#held, value]);
    return true;
  }
}
