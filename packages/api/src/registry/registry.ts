/** The registry of images: repositories with their images, for its own HTTP API, for ECR's, and for jobs. */
import { join } from 'node:path';
import type { StoredRecord } from '../store/record.js';
import type { Store } from '../store/store.js';
import { type BlobStore, openBlobStore } from './blob-store.js';
import { digestOf } from './digest.js';
import { removeGarbage } from './garbage.js';
import { type Manifest, readManifest } from './manifest.js';
import { registryError } from './registry-error.js';
import { type ImageRow, openRegistryIndex, type RegistryIndex } from './registry-index.js';

export const REPOSITORY = 'repository';

/** What is kept of a repository. */
export interface RepositoryBody {
  readonly imageTagMutability: string;
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filter: string }[];
  readonly scanOnPush: boolean;
  readonly policyText?: string | undefined;
  readonly lifecyclePolicyText?: string | undefined;
}

export interface PushedImage {
  readonly digest: string;
  /** False when the repository had this image with this tag before. */
  readonly isNew: boolean;
  /** Of the image that it refers to. */
  readonly subject: string | undefined;
}

export interface Registry {
  readonly blobs: BlobStore;
  readonly index: RegistryIndex;
  readonly account: string;
  repository(name: string): StoredRecord<RepositoryBody> | undefined;
  /** @throws ServiceError NAME_UNKNOWN */
  requireRepository(name: string): StoredRecord<RepositoryBody>;
  /** Whether the repository has the content, and its file is there. */
  hasBlob(repository: string, digest: string): boolean;
  /**
   * Gives the repository a content whose file is there.
   * @throws ServiceError NAME_UNKNOWN when the repository was removed while the content was sent; the file goes too
   */
  addBlob(repository: string, digest: string): void;
  /** @param reference a tag or a digest */
  findImage(repository: string, reference: string): ImageRow | undefined;
  /**
   * Adds a manifest, under the tag if there is one.
   * @throws ServiceError MANIFEST_INVALID, MANIFEST_BLOB_UNKNOWN, NAME_UNKNOWN, or TAG_INVALID where tags are not to be moved
   */
  push(repository: string, text: Buffer, mediaType: string | undefined, tag: string | undefined): Promise<PushedImage>;
  /** Removes an image with its tags, and what only it needed. */
  removeImage(repository: string, digest: string): void;
  /** Removes a content from a repository. */
  removeBlob(repository: string, digest: string): void;
  removeRepository(name: string): void;
}

export function openRegistry(dataFolder: string, store: Store, account: string): Registry {
  const blobs = openBlobStore(join(dataFolder, 'registry'));
  const index = openRegistryIndex(store);
  const repository = (name: string) => store.records.find<RepositoryBody>(REPOSITORY, name);
  const hasBlob = (name: string, digest: string) => index.hasBlob(name, digest) && blobs.sizeOf(digest) !== undefined;
  /** Files go last: a file that nothing names costs only its place. */
  const removeUnused = (digests: readonly string[]) => {
    for (const digest of digests) if (!index.isUsed(digest)) blobs.remove(digest);
  };
  removeGarbage(blobs, index);
  const requireRepository = (name: string) => {
    const found = repository(name);
    if (found) return found;
    const message = `The repository with name '${name}' does not exist in the registry with id '${account}'`;
    throw registryError('NAME_UNKNOWN', `${message}: make it with ECR's CreateRepository.`);
  };
  /** Names a content whose file is new. Others may have removed what it needs while it was sent, so this looks again. */
  const enter = <T>(digest: string, write: () => T): T => {
    try {
      return store.transaction(write);
    } catch (error) {
      removeUnused([digest]);
      throw error;
    }
  };
  return {
    blobs,
    index,
    account,
    repository,
    requireRepository,
    hasBlob,
    addBlob: (name, digest) =>
      enter(digest, () => {
        requireRepository(name);
        index.addBlob(name, digest);
      }),
    findImage(name, reference) {
      const digest = reference.includes(':') ? reference : index.digestOfTag(name, reference);
      return digest === undefined ? undefined : index.image(name, digest);
    },
    async push(name, text, mediaType, tag) {
      const manifest = readManifest(text.toString('utf8'), mediaType);
      const digest = digestOf(text);
      const { id } = blobs.begin(name);
      await blobs.append(name, id, chunksOf(text));
      await blobs.finish(name, id, digest);
      return enter(digest, () => record(digest, manifest, name, tag));
    },
    removeImage(name, digest) {
      const freed = store.transaction(() => {
        const named = index.references(name, digest);
        index.removeImage(name, digest);
        const unused = named.filter((blob) => index.referrers(name, blob).length === 0);
        for (const blob of unused) index.removeBlob(name, blob);
        return [digest, ...unused];
      });
      removeUnused(freed);
    },
    removeBlob(name, digest) {
      index.removeBlob(name, digest);
      removeUnused([digest]);
    },
    removeRepository(name) {
      const freed = store.transaction(() => {
        const { arn } = repository(name)!;
        store.records.remove(REPOSITORY, name);
        store.tags.removeAll(arn);
        return index.removeRepository(name);
      });
      removeUnused(freed);
    },
  };

  function record(digest: string, manifest: Manifest, name: string, tag: string | undefined): PushedImage {
    const { mediaType, artifactType, bytes, manifests, subject } = manifest;
    const { body } = requireRepository(name);
    const layers = [...new Set(manifest.blobs.map((layer) => layer.digest))];
    const missing = [
      ...layers.filter((layer) => !hasBlob(name, layer)),
      ...manifests.filter((image) => !index.image(name, image)),
    ];
    if (missing.length > 0) {
      throw registryError('MANIFEST_BLOB_UNKNOWN', `Repository "${name}" does not have ${missing.join(', ')}.`);
    }
    requireSizes(manifest);
    const known = index.image(name, digest);
    const tagged = tag === undefined ? undefined : index.digestOfTag(name, tag);
    if (tag !== undefined && tagged !== undefined && tagged !== digest && !mayMove(body, tag)) {
      throw registryError(
        'TAG_INVALID',
        `The image tag '${tag}' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
      );
    }
    const image = {
      digest,
      media_type: mediaType,
      artifact_type: artifactType ?? null,
      bytes,
      pushed: Date.now() / 1000,
    };
    if (!known) index.addImage(name, image, [...layers, ...manifests]);
    if (subject !== undefined) index.setSubject(name, digest, subject);
    if (tag !== undefined) index.setTag(name, tag, digest);
    return { digest, isNew: !known || (tag !== undefined && tagged !== digest), subject };
  }

  /** Engines check what they pull by its size too. */
  function requireSizes(manifest: Manifest): void {
    for (const { digest, size } of manifest.blobs) {
      const stored = blobs.sizeOf(digest);
      if (stored === size) continue;
      throw registryError('MANIFEST_INVALID', `The manifest is invalid: ${digest} has ${stored} bytes, not ${size}.`);
    }
  }
}

// --- internal ---

async function* chunksOf(bytes: Buffer): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** The filters are tags with `*` for any characters, and turn the repository's setting around. */
function mayMove(
  { imageTagMutability, imageTagMutabilityExclusionFilters = [] }: RepositoryBody,
  tag: string,
): boolean {
  const isExcluded = imageTagMutabilityExclusionFilters.some(({ filter }) => {
    const parts = filter.split('*').map((part) => part.replaceAll('.', String.raw`\.`));
    return new RegExp(`^${parts.join('.*')}$`).test(tag);
  });
  return imageTagMutability.startsWith('MUTABLE') !== isExcluded;
}
