/**
 * What pushes left that did not get to their end: layers that no image names, and files that no repository has. A new server
 * removes them, as no push is under way then.
 */
import type { BlobStore } from './blob-store.js';
import type { RegistryIndex } from './registry-index.js';

/** So long a client may take from a layer to its image's manifest, also when the server is started again meanwhile. */
const MAX_LOOSE_MS = 86_400_000;

export function removeGarbage(blobs: BlobStore, index: RegistryIndex): void {
  const limit = Date.now() - MAX_LOOSE_MS;
  for (const { repository, digest } of index.looseBlobs()) {
    const arrived = blobs.arrivedAt(digest);
    if (arrived === undefined || arrived < limit) index.removeBlob(repository, digest);
  }
  for (const digest of blobs.all()) if (!index.isUsed(digest)) blobs.remove(digest);
}
