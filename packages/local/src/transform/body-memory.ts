/**
 * The memory of request bodies. That of an answered one is used for a later one: the system takes as long to give new memory as a
 * body takes to be copied into it.
 *
 * A server may answer before it has read the whole body. What is left of it is still sent, since the connection is used again, and
 * may then have the bytes of a later body: as many, and of no meaning to a server whose answer has ended. A try that broke off has no
 * connection any more.
 */

export interface BodyMemory {
  /** A copy of the bytes. */
  copyOf(bytes: Uint8Array): Buffer;
  /** Its bytes are needed no more. @param body a copy, or a part of one */
  giveBack(body: Buffer): void;
}

/** Smaller bodies are of Node's own pool. */
const LARGE_BYTES = 64 * 1024;
/** The next body may be a little longer than the last one. */
const SPARE = 1.05;

export function createBodyMemory(): BodyMemory {
  /** That of bodies in flight is not here. */
  const free: ArrayBufferLike[] = [];
  const owned = new WeakSet<ArrayBufferLike>();

  const takeFree = (bytes: number) => {
    const index = free.findIndex(({ byteLength }) => byteLength >= bytes);
    if (index >= 0) return free.splice(index, 1)[0];
    free.pop(); // a new one comes in its place
    return undefined;
  };
  return {
    copyOf(bytes) {
      if (bytes.length < LARGE_BYTES) return Buffer.from(bytes);
      const memory = takeFree(bytes.length) ?? Buffer.allocUnsafeSlow(Math.ceil(bytes.length * SPARE)).buffer;
      owned.add(memory);
      const body = Buffer.from(memory, 0, bytes.length);
      body.set(bytes);
      return body;
    },
    giveBack({ buffer }) {
      if (owned.delete(buffer)) free.push(buffer);
    },
  };
}
