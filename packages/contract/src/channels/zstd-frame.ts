/**
 * A frame of Zstandard followed from its header over its blocks to its end, without unpacking: to know where the next one
 * begins, and what size it says it unpacks to. The library holds a frame to that size, and looks at the type of its last block,
 * only where that block has bytes.
 * Source: RFC 8878, sections 3.1.1 (frames, blocks) and 3.1.2 (frames that hold no data).
 */

/** Follows one frame, with data or without, however its bytes come. What is no frame has no end here. */
export class ZstdFrame {
  /** The size that the frame says it unpacks to; undefined where it does not say, or its header is not there yet. */
  contentBytes: number | undefined;
  /** Whether one of its blocks is packed, and has no bytes: the library takes such a last block for an empty one, or refuses it. */
  hasEmptyPack = false;
  #state: 'start' | 'skippable' | 'header' | 'block' | 'foreign' = 'start';
  /** Bytes that were given and not used: part of a number. */
  #held: Uint8Array = new Uint8Array(0);
  /** Bytes to be passed over. */
  #skipped = 0;
  #isLast = false;
  #hasChecksum = false;

  /** How many of the next bytes are the frame's; undefined where it continues behind them. */
  endIn(bytes: Uint8Array): number | undefined {
    let at = 0;
    for (;;) {
      const passed = Math.min(this.#skipped, bytes.length - at);
      this.#skipped -= passed;
      at += passed;
      if (this.#skipped > 0 || this.#state === 'foreign') return undefined;
      if (this.#isLast) return at;
      const wanted = this.#wanted();
      const taken = Math.min(wanted - this.#held.length, bytes.length - at);
      const held = Buffer.concat([this.#held, bytes.subarray(at, at + taken)]);
      at += taken;
      this.#held = held;
      if (held.length < wanted) return undefined;
      // A header's first bytes say how long it is.
      if (wanted === this.#wanted()) {
        this.#held = new Uint8Array(0);
        this.#read(held);
      }
    }
  }

  #wanted(): number {
    if (this.#state === 'block') return BLOCK_HEADER_BYTES;
    if (this.#state !== 'header') return MAGIC_BYTES;
    const descriptor = this.#held[0];
    return descriptor === undefined ? 1 : headerOf(descriptor).bytes;
  }

  #read(bytes: Buffer): void {
    if (this.#state === 'start') {
      const magic = bytes.readUInt32LE();
      this.#state = magic === MAGIC ? 'header' : magic >>> 4 === SKIPPABLE >>> 4 ? 'skippable' : 'foreign';
    } else if (this.#state === 'skippable') {
      this.#skipped = bytes.readUInt32LE();
      this.#isLast = true;
    } else if (this.#state === 'header') {
      const { sizeBytes, sizeAt, hasChecksum } = headerOf(bytes[0]!);
      this.#hasChecksum = hasChecksum;
      this.contentBytes = sizeBytes === 0 ? undefined : sizeIn(bytes.subarray(sizeAt, sizeAt + sizeBytes));
      this.#state = 'block';
    } else {
      const header = bytes.readUIntLE(0, BLOCK_HEADER_BYTES);
      this.#isLast = (header & 1) === 1;
      const type = (header >> 1) & 3;
      const size = header >> 3;
      this.hasEmptyPack ||= type === PACKED && size === 0;
      this.#skipped = (type === REPEATED ? 1 : size) + (this.#isLast && this.#hasChecksum ? CHECKSUM_BYTES : 0);
    }
  }
}

// --- internal ---

const MAGIC_BYTES = 4;
const MAGIC = 0xfd2fb528;
/** The last four bits are anything. */
const SKIPPABLE = 0x184d2a50;
const BLOCK_HEADER_BYTES = 3;
/** The type of a block that is one byte, any number of times. */
const REPEATED = 1;
/** … that is packed: of two bytes or more. */
const PACKED = 2;
const CHECKSUM_BYTES = 4;

/** What the first byte behind the magic number says of the header, whose bytes it is one of. */
function headerOf(descriptor: number) {
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 ? Number(isSingleSegment) : 2 ** sizeFlag;
  const sizeAt = 1 + Number(!isSingleSegment) + [0, 1, 2, 4][descriptor & 3]!;
  return { sizeBytes, sizeAt, bytes: sizeAt + sizeBytes, hasChecksum: (descriptor & 4) !== 0 };
}

/** Of two bytes it is what is beyond 256. */
function sizeIn(bytes: Buffer): number {
  if (bytes.length === 8) return Number(bytes.readBigUInt64LE());
  return bytes.readUIntLE(0, bytes.length) + (bytes.length === 2 ? 256 : 0);
}
