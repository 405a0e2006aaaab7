/** A body with Content-Encoding gzip, unpacked as it is asked for: whatever its ratio, no more is in memory than of any other. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ClientError, ContractError } from '../../errors.js';
import type { BodySource } from './body-parts.js';

export function unpackedSource(source: BodySource): BodySource {
  const unpacker = process.getBuiltinModule('node:zlib').createGunzip();
  let failure: unknown;
  const failed = pipeline(Readable.from(chunksOf(source)), unpacker).catch((error: unknown) => {
    failure = error;
  });
  const chunks = unpacker[Symbol.asyncIterator]();
  return {
    async next() {
      try {
        const { value, done } = await chunks.next();
        return done ? undefined : value;
      } catch (error) {
        await failed;
        throw failure instanceof ContractError ? failure : damaged(failure ?? error);
      }
    },
    close() {
      unpacker.destroy();
      source.close?.();
    },
  };
}

// --- internal ---

async function* chunksOf(source: BodySource): AsyncGenerator<Uint8Array> {
  for (let bytes = await source.next(); bytes; bytes = await source.next()) yield bytes;
}

function damaged(cause: unknown): ClientError {
  return new ClientError('E_REQUEST_BODY', 'request: the body must be gzip as Content-Encoding says; it is damaged.', {
    cause,
  });
}
