/** A source that can be looked at before it is read, though it comes once: what was read to look at it is read again. */
import type { ByteStream, DataSource } from '../formats/reader.js';

export interface RewindableSource {
  /** Each opening begins at the start; closing leaves the stream open. Memory is that of what is read. */
  readonly look: DataSource;
  /** The source from its start, for the last time. */
  readonly take: DataSource;
}

export function rewindable(source: DataSource): RewindableSource {
  const seen: Buffer[] = [];
  let opened: Promise<ByteStream> | undefined;
  const open = async () => {
    opened ??= Promise.resolve(source.open());
    return opened;
  };
  /** @param readerOf makes a stream of the opened source and a replay of what was seen */
  const begin = (readerOf: (stream: ByteStream, replay: Replay) => ByteStream): DataSource => ({
    ...source,
    open: async () => readerOf(await open(), replayOf(seen)),
  });
  return {
    look: begin((stream, replay) => ({
      async read(target) {
        const replayed = replay(target);
        if (replayed > 0) return replayed;
        const count = await stream.read(target);
        if (count > 0) seen.push(Buffer.from(target.subarray(0, count)));
        // What was just read must not come from the replay, too.
        replay(target.subarray(0, count), true);
        return count;
      },
      close() {},
    })),
    take: begin((stream, replay) => ({
      read(target) {
        const replayed = replay(target);
        return replayed > 0 ? replayed : stream.read(target);
      },
      close: () => stream.close(),
    })),
  };
}

// --- internal ---

/** Gives what was seen piece by piece, 0 at its end; it may be asked to skip a chunk. */
type Replay = (target: Uint8Array, isPassed?: boolean) => number;

function replayOf(chunks: readonly Buffer[]): Replay {
  let chunk = 0;
  let offset = 0;
  return (target, isPassed = false) => {
    if (isPassed) {
      if (target.length > 0) chunk += 1;
      return 0;
    }
    const current = chunks[chunk];
    if (!current) return 0;
    const piece = current.subarray(offset, offset + target.length);
    target.set(piece);
    offset += piece.length;
    if (offset === current.length) {
      chunk += 1;
      offset = 0;
    }
    return piece.length;
  };
}
