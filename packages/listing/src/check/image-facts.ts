/** Width and height of a PNG, JPEG or GIF, read from its header. Sources: PNG 1.2, GIF89a, ITU T.81 (markers SOF). */

export interface ImageFacts {
  readonly width: number;
  readonly height: number;
}

/** Undefined for anything else. */
export function readImageFacts(bytes: Buffer): ImageFacts | undefined {
  if (bytes.length >= 24 && bytes.subarray(1, 4).equals(Buffer.from('PNG'))) {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
  }
  if (bytes.length >= 10 && /^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
  }
  return bytes.length >= 4 && bytes.readUInt16BE(0) === 0xffd8 ? jpegFacts(bytes) : undefined;
}

// --- internal ---

/** Segments: FF marker, two bytes of length, content. The first frame header has the size. */
function jpegFacts(bytes: Buffer): ImageFacts | undefined {
  for (let at = 2; at + 9 <= bytes.length; ) {
    const marker = bytes.readUInt16BE(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
