/** JSON Lines of a channel: one row per line, read piece by piece as the bytes come. */
import { PAGE_BYTES, type WebAssemblyMemory } from '@algo/numerics';
import type { Block } from '../block.js';
import type { BlockInput, BlockParser } from '../block-parser.js';
import type { Place } from '../place.js';
import { LineBuffer } from '../text/line-buffer.js';
import { isBlankLine } from '../text/lines.js';
import type { RowGatherer } from './rows.js';
import { JsonScanner } from './scanner.js';

export class JsonLinesParser implements BlockParser<Block> {
  readonly #rows: RowGatherer;
  readonly #lines = new LineBuffer(createMemory(), 0);
  #source = '';

  constructor(rows: RowGatherer) {
    this.#rows = rows;
  }

  get input(): BlockInput {
    return this.#lines;
  }

  startFile(source: string, place: Place): void {
    this.#source = source;
    this.#rows.startFile();
    this.#lines.startFile(place);
  }

  nextBlock(): Block | undefined {
    const lines = this.#lines;
    const rows = this.#rows;
    lines.startLines();
    const { place } = lines;
    const where = () => `${place.label} line ${lines.line + 1}`;
    const scanner = new JsonScanner(lines.bytes, where, 'E_DATA_FORMAT');
    while (lines.hasLines && !lines.isTail && !rows.isFull) {
      const line = lines.current();
      if (isBlankLine(line)) lines.startTail();
      else {
        const again = () => scanner.within(lines.start, lines.start + line.length);
        again();
        rows.read(scanner, where, place.label, again);
        scanner.finish();
        lines.skipLine();
      }
    }
    if (lines.isTail) lines.skipTail();
    if (!rows.isFull && !(lines.isEnded && !lines.hasLines)) return undefined;
    const first = lines.line - rows.rows + 1;
    return rows.take(this.#source, first, (row) => `${place.label} line ${first + row}`);
  }
}

// --- internal ---

/** Memory as that of a kernel. */
function createMemory(): WebAssemblyMemory {
  let buffer = new ArrayBuffer(PAGE_BYTES);
  return {
    get buffer() {
      return buffer;
    },
    grow(pages) {
      const larger = new ArrayBuffer(buffer.byteLength + pages * PAGE_BYTES);
      new Uint8Array(larger).set(new Uint8Array(buffer));
      buffer = larger;
      return larger.byteLength / PAGE_BYTES;
    },
  };
}
