/**
 * How bytes are pushed through the parser of a format, from the files of a channel and from a request body.
 */
import type { Block, SparseBlock } from './block.js';
import { BlockJoiner } from './join-blocks.js';
import type { Place } from './place.js';
import type { Sources } from './reader.js';

/** Where the bytes of a file go. */
export interface BlockInput {
  /** Where the next bytes belong; never empty. Arrays of the last block are no longer valid. */
  space(): Uint8Array;
  /** Takes in the first `count` bytes of `space()`. */
  added(count: number): void;
  endFile(): void;
}

/**
 * Turns bytes into blocks of type B. Call `startFile`, then by turns: bytes into `input.space()`, their number to
 * `input.added`, and `nextBlock` until there is none; at the end of the file `input.endFile`, and again `nextBlock`
 * until there is none.
 */
export interface BlockParser<B> {
  readonly input: BlockInput;
  /** @param source as `Block.source` gives it @param isPipe as that of DataSource */
  startFile(source: string, place: Place, isPipe?: boolean): void;
  /** @throws ClientError for the first bad row */
  nextBlock(): B | undefined;
}

/** One pass over all sources; each block is valid until the next one is asked for. */
export async function* parseSources<B>(
  sources: Sources,
  parser: BlockParser<B>,
  unit: Place['unit'],
): AsyncGenerator<B, void, undefined> {
  for await (const source of sources) {
    parser.startFile(source.name, { label: source.label, unit }, source.isPipe);
    const stream = await source.open();
    try {
      for (let isEnded = false; !isEnded; ) {
        const reading = stream.read(parser.input.space());
        const count = typeof reading === 'number' ? reading : await reading;
        isEnded = count === 0;
        if (isEnded) parser.input.endFile();
        else parser.input.added(count);
        for (let block = parser.nextBlock(); block; block = parser.nextBlock()) yield block;
      }
    } finally {
      stream.close();
    }
  }
}

/** The rows of a request body as one block with arrays of its own; undefined when there is none. */
export function parseBody(
  body: Uint8Array,
  parser: BlockParser<Block | SparseBlock>,
  unit: Place['unit'],
): Block | SparseBlock | undefined {
  const joiner = new BlockJoiner();
  pushBody(body, parser, unit, (block) => joiner.add(block));
  return joiner.finish();
}

/** @param take gets each block, which is valid until it returns; the last one, until the parser is used again */
export function pushBody<B>(
  body: Uint8Array,
  parser: BlockParser<B>,
  unit: Place['unit'],
  take: (block: B) => void,
): void {
  parser.startFile('request', { label: 'request', unit });
  const takeBlocks = () => {
    for (let block = parser.nextBlock(); block; block = parser.nextBlock()) take(block);
  };
  for (let offset = 0; offset < body.length; ) {
    const space = parser.input.space();
    const piece = body.subarray(offset, offset + space.length);
    space.set(piece);
    parser.input.added(piece.length);
    offset += piece.length;
    takeBlocks();
  }
  parser.input.endFile();
  takeBlocks();
}
