/** Manifests: what an image is made of, or which images a list has. Docker's version 2 and OCI's, read as far as needed. */
import { isDigest } from './digest.js';
import { registryError } from './registry-error.js';

const LISTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
] as const;

/** What a client may send and get. */
const MANIFEST_TYPES: readonly string[] = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  ...LISTS,
];

/** Amazon ECR's limit of a manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/** The specification's rule of a tag. */
export const TAG = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

export interface Manifest {
  readonly mediaType: string;
  /** Contents that must be there: configuration and layers. */
  readonly blobs: readonly Content[];
  /** Manifests that must be there, of a list. */
  readonly manifests: readonly string[];
  /** As Amazon ECR counts it: configuration and layers as they are sent; of a list, 0. */
  readonly bytes: number;
  /** Its own, else that of the configuration, as ECR shows it. */
  readonly artifactType: string | undefined;
  /** Digest of the image that this one refers to, which need not be there. */
  readonly subject: string | undefined;
}

/** A part of an image. */
export interface Content {
  readonly digest: string;
  readonly size: number;
}

/**
 * @param mediaType what the request says; undefined when it says nothing
 * @throws ServiceError MANIFEST_INVALID
 */
export function readManifest(text: string, mediaType: string | undefined): Manifest {
  const content = parse(text);
  const type = mediaType ?? content.mediaType;
  if (typeof type !== 'string' || !MANIFEST_TYPES.includes(type)) {
    throw invalid(`its media type must be one of ${MANIFEST_TYPES.join(', ')}; received "${String(type)}"`);
  }
  if (content.mediaType !== undefined && content.mediaType !== type) {
    throw invalid(`mediaType must be that of the request, ${type}; it is "${String(content.mediaType)}"`);
  }
  if (content.schemaVersion !== 2) {
    throw invalid(`schemaVersion must be 2; received ${JSON.stringify(content.schemaVersion)}`);
  }
  const [subject] = content.subject === undefined ? [] : descriptors([content.subject], 'subject');
  const ownType = typeof content.artifactType === 'string' ? content.artifactType : undefined;
  if (LISTS.some((list) => list === type)) {
    const manifests = descriptors(content.manifests, 'manifests').map(({ digest }) => digest);
    return { mediaType: type, blobs: [], manifests, bytes: 0, artifactType: ownType, subject: subject?.digest };
  }
  const [config] = descriptors([content.config], 'config');
  const layers = descriptors(content.layers, 'layers').filter(({ isForeign }) => !isForeign);
  return {
    mediaType: type,
    blobs: [config!, ...layers],
    manifests: [],
    bytes: [config!, ...layers].reduce((sum, { size }) => sum + size, 0),
    artifactType: ownType ?? config!.mediaType,
    subject: subject?.digest,
  };
}

// --- internal ---

interface Descriptor extends Content {
  readonly mediaType: string | undefined;
  /** Its content is elsewhere: layers of Windows have URLs. */
  readonly isForeign: boolean;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch (error) {
    throw invalid(`it must be JSON; ${(error as Error).message}`);
  }
  throw invalid('it must be a JSON object');
}

function descriptors(value: unknown, place: string): readonly Descriptor[] {
  if (!Array.isArray(value)) throw invalid(`"${place}" must be a list; received ${JSON.stringify(value)}`);
  return value.map((item: Readonly<Record<string, unknown>> | undefined) => {
    const { digest, size, mediaType, urls } = item ?? {};
    if (typeof digest !== 'string' || !isDigest(digest)) {
      throw invalid(`"${place}" must have a digest sha256:HEX; received ${JSON.stringify(digest)}`);
    }
    if (!Number.isSafeInteger(size) || (size as number) < 0) {
      throw invalid(`"${place}" must have a size in bytes; received ${JSON.stringify(size)}`);
    }
    const type = typeof mediaType === 'string' ? mediaType : undefined;
    return { digest, size: size as number, mediaType: type, isForeign: Array.isArray(urls) && urls.length > 0 };
  });
}

function invalid(problem: string) {
  return registryError('MANIFEST_INVALID', `The manifest is invalid: ${problem}.`);
}
