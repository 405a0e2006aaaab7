/** A body with Content-Encoding gzip or zstd, unpacked as it is asked for: whatever its ratio, no more is in memory than of any other. */
import type { Packing } from '../../channels/packings.js';
import { unpackMembers } from '../../channels/unpack.js';
import type { UnpackErrors } from '../../channels/unpack-limits.js';
import { ClientError } from '../../errors.js';
import type { BodySource } from './body-parts.js';

export function unpackedSource(source: BodySource, packing: Packing): BodySource {
  const chunks = unpackMembers(packing, chunksOf(source, packing), ERRORS, NO_LIMITS);
  return {
    async next() {
      const { value } = await chunks.next();
      return value ? Buffer.from(value) : undefined; // it is valid until the next one is asked for
    },
    close() {
      chunks.return().catch(ignore);
      source.close?.();
    },
  };
}

// --- internal ---

/** What is unpacked passes by and is not held. */
const NO_LIMITS = { free: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY };

const ERRORS: UnpackErrors = {
  damaged,
  trailing: ({ coding }) =>
    new ClientError(
      'E_REQUEST_BODY',
      `request: only ${coding} may follow the ${coding} of a body; received other bytes.`,
    ),
  tooLarge: (_, limit) => new RangeError(`there is no limit of ${limit} bytes`),
};

function damaged({ coding }: Packing, cause: unknown): ClientError {
  const message = `request: the body must be ${coding} as Content-Encoding says; it is damaged.`;
  return new ClientError('E_REQUEST_BODY', message, { cause });
}

async function* chunksOf(source: BodySource, packing: Packing): AsyncGenerator<Uint8Array> {
  let isEmpty = true;
  for (let bytes = await source.next(); bytes; bytes = await source.next()) {
    yield bytes;
    isEmpty = false;
  }
  if (isEmpty) throw damaged(packing, undefined);
}

function ignore(): void {}
