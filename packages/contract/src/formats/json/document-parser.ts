/**
 * A JSON document of a channel: a list of rows, read once all of it is here. Through a pipe several may come, one after
 * another: those of the objects that the service joins.
 */
import { ClientError } from '../../errors.js';
import type { Block } from '../block.js';
import type { BlockInput, BlockParser } from '../block-parser.js';
import type { Place } from '../place.js';
import { byteOrderMarkLength, isBlank } from '../text/lines.js';
import { CHAR } from './characters.js';
import type { RowGatherer } from './rows.js';
import { JsonScanner } from './scanner.js';

/** A file is held in memory; larger data is written as JSON Lines. */
const MAX_DOCUMENT_BYTES = 256 * 1024 * 1024;

export class JsonDocumentParser implements BlockParser<Block>, BlockInput {
  readonly input: BlockInput = this;
  readonly #rows: RowGatherer;
  #bytes = Buffer.alloc(64 * 1024);
  #length = 0;
  #source = '';
  #place: Place = { label: '', unit: 'record' };
  #isPipe = false;
  #record = 0;
  #scanner: JsonScanner | undefined;
  /** Whether another row follows. */
  #follows = false;

  constructor(rows: RowGatherer) {
    this.#rows = rows;
  }

  startFile(source: string, place: Place, isPipe = false): void {
    this.#source = source;
    this.#place = place;
    this.#isPipe = isPipe;
    this.#length = this.#record = 0;
    this.#scanner = undefined;
    this.#rows.startFile();
  }

  space(): Uint8Array {
    if (this.#length === this.#bytes.length) {
      if (this.#length >= MAX_DOCUMENT_BYTES) throw tooLarge(this.#place.label);
      const larger = Buffer.alloc(this.#length * 2);
      this.#bytes.copy(larger);
      this.#bytes = larger;
    }
    return this.#bytes.subarray(this.#length);
  }

  added(count: number): void {
    this.#length += count;
  }

  endFile(): void {
    const bytes = this.#bytes.subarray(0, this.#length);
    if (isBlank(bytes)) return;
    const { label } = this.#place;
    const scanner = new JsonScanner(bytes, () => label, 'E_DATA_FORMAT');
    scanner.within(byteOrderMarkLength(bytes), bytes.length);
    if (scanner.peek() !== CHAR.openList) {
      throw new ClientError(
        'E_DATA_FORMAT',
        `${label}: expected a list of rows, such as [{"age":40},{"age":41}]; received ${scanner.shown()}. One row per line is application/jsonlines.`,
      );
    }
    this.#follows = scanner.open(CHAR.openList) || this.#nextDocument(scanner);
    this.#scanner = scanner;
  }

  nextBlock(): Block | undefined {
    const scanner = this.#scanner;
    if (!scanner) return undefined;
    const rows = this.#rows;
    const { label } = this.#place;
    while (this.#follows && !rows.isFull) {
      scanner.peek();
      const start = scanner.position;
      const again = () => scanner.rewind(start);
      rows.read(scanner, () => `${label} record ${this.#record + 1}`, label, again);
      this.#record += 1;
      this.#follows = scanner.more(CHAR.openList) || this.#nextDocument(scanner);
    }
    const first = this.#record - rows.rows + 1;
    return rows.take(this.#source, first, (row) => `${label} record ${first + row}`);
  }

  /** Behind the end of a document: opens the next one that has rows. Whether there is one. */
  #nextDocument(scanner: JsonScanner): boolean {
    while (this.#isPipe && scanner.peek() === CHAR.openList) {
      if (scanner.open(CHAR.openList)) return true;
    }
    scanner.finish();
    return false;
  }
}

// --- internal ---

function tooLarge(label: string): ClientError {
  return new ClientError(
    'E_DATA_SIZE',
    `${label}: a JSON document must have at most ${MAX_DOCUMENT_BYTES} bytes (256 MiB); received more. Write one row per line, as application/jsonlines.`,
  );
}
