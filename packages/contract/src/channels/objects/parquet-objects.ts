/**
 * The Parquet files of a Pipe channel, which the service joins without a sign of where one ends: each is walked through from
 * its front by its own structure, up to its footer, and spooled meanwhile. "PAR1" within data is never an end.
 * Layout: `PAR1, pages and indexes …, footer, length of the footer [4], PAR1`. Source: apache/parquet-format, README.md.
 */
import { ClientError } from '../../errors.js';
import { checkStart, MAGIC, START_BYTES } from '../../formats/parquet/file.js';
import { KIND_BYTES, readStructure, type Structure } from '../../formats/parquet/structures.js';
import { CutOff } from '../../formats/parquet/thrift.js';
import type { ByteWindow } from './byte-window.js';
import { openSpool, type Spool } from './spool.js';

/**
 * Spools the next file; undefined at the end of the stream.
 * @param label of the object, for messages
 * @throws ClientError E_DATA_FORMAT for what is not Parquet, ends early, or holds a structure that Parquet does not have
 */
export async function spoolParquet(window: ByteWindow, label: string): Promise<Spool | undefined> {
  const start = await window.fill(START_BYTES);
  if (start.length === 0) return undefined;
  checkStart(start.subarray(0, START_BYTES), label);
  const spool = openSpool(label);
  try {
    await new Walk(window, spool, label).run();
    return spool;
  } catch (error) {
    spool.close();
    throw error;
  }
}

// --- internal ---

/** Page headers and indexes are far smaller, and so are the footers of all but the widest files. */
const FIRST_BYTES = 64 * 1024;
const MAX_STRUCTURE_BYTES = 256 * 1024 * 1024;

class Walk {
  readonly #window: ByteWindow;
  readonly #spool: Spool;
  readonly #label: string;
  readonly #start: number;

  constructor(window: ByteWindow, spool: Spool, label: string) {
    this.#window = window;
    this.#spool = spool;
    this.#label = label;
    this.#start = window.position;
  }

  async run(): Promise<void> {
    await this.#pass(MAGIC.length);
    for (;;) {
      const { kind, length, body } = await this.#structure();
      await this.#pass(length);
      if (kind === 'footer') {
        await this.#checkEnd(length);
        return;
      }
      await this.#pass(body);
    }
  }

  async #structure(): Promise<Structure> {
    // Structures are usually among the bytes that are there: no more is waited for until one of them is not.
    for (let wanted = Math.max(KIND_BYTES, this.#window.bytes.length); ; wanted = Math.max(FIRST_BYTES, 2 * wanted)) {
      const bytes = await this.#window.fill(wanted);
      const isAll = bytes.length < wanted;
      try {
        const structure = readStructure(bytes);
        if (structure) return structure;
      } catch (error) {
        if (error instanceof CutOff && !isAll && wanted < MAX_STRUCTURE_BYTES) continue;
        if (error instanceof CutOff && isAll) throw this.#problem('more of it must follow; the data ends');
        throw this.#problem(`its structure must be that of Parquet; ${error instanceof Error ? error.message : error}`);
      }
      if (isAll && bytes.length < KIND_BYTES) throw this.#problem('a footer must follow; the data ends');
      throw this.#problem(
        `a page, an index or the footer must follow; received the bytes ${Buffer.from(bytes.subarray(0, KIND_BYTES)).toString('hex')}`,
      );
    }
  }

  /** The length of the footer, and the mark at the end. */
  async #checkEnd(length: number): Promise<void> {
    const bytes = Buffer.from((await this.#window.fill(TAIL_BYTES)).subarray(0, TAIL_BYTES));
    if (bytes.length < TAIL_BYTES)
      throw this.#problem('the length of its footer and "PAR1" must follow; the data ends');
    const told = bytes.readUInt32LE(0);
    const mark = bytes.toString('latin1', 4);
    if (told !== length) throw this.#problem(`its footer has ${length} bytes, and says ${told}`);
    if (mark !== MAGIC) throw this.#problem(`it must end with "PAR1"; received ${JSON.stringify(mark)}`);
    await this.#pass(TAIL_BYTES);
  }

  async #pass(count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const bytes = await this.#window.take(left);
      if (bytes.length === 0) throw this.#problem(`${left} more bytes must follow; the data ends`);
      this.#spool.write(bytes);
      left -= bytes.length;
    }
  }

  #problem(sentence: string): ClientError {
    const at = this.#window.position - this.#start;
    return new ClientError(
      'E_DATA_FORMAT',
      `${this.#label} byte ${at}: ${sentence}. The file is damaged, or its end cannot be found without RecordIO around it: set RecordWrapperType to RecordIO, or use File mode.`,
    );
  }
}

const TAIL_BYTES = 8;
