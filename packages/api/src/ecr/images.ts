/** PutImage, BatchGetImage, BatchDeleteImage. */
import type { Operation } from '../protocol/run-operation.js';
import { digestOf } from '../registry/digest.js';
import { readManifest, TAG } from '../registry/manifest.js';
import { ServiceError } from '../service-error.js';
import {
  type Ecr,
  findRepository,
  type ImageId,
  imageOf,
  invalidParameter,
  type RepositoryRequest,
} from './context.js';

interface PutRequest extends RepositoryRequest {
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string;
  readonly imageTag?: string;
  readonly imageDigest?: string;
}

interface BatchRequest extends RepositoryRequest {
  readonly imageIds: readonly ImageId[];
}

interface Failure {
  readonly imageId: ImageId;
  readonly failureCode: string;
  readonly failureReason: string;
}

/** ECR's names of the registry's errors. */
const PUT_ERRORS: Readonly<Record<string, string>> = {
  MANIFEST_INVALID: 'InvalidParameterException',
  NAME_UNKNOWN: 'RepositoryNotFoundException',
  TAG_INVALID: 'ImageTagAlreadyExistsException',
};

export function imageOperations(ecr: Ecr): Readonly<Record<string, Operation>> {
  const { registry, account } = ecr;
  return {
    async PutImage(request: PutRequest) {
      const { imageManifest, imageManifestMediaType, imageTag, imageDigest } = request;
      const { name } = findRepository(ecr, request);
      const text = Buffer.from(imageManifest);
      if (imageDigest !== undefined && imageDigest !== digestOf(text)) {
        throw new ServiceError(
          'ImageDigestDoesNotMatchException',
          `imageDigest must be that of imageManifest, ${digestOf(text)}; received ${imageDigest}.`,
        );
      }
      if (imageTag !== undefined && !TAG.test(imageTag)) {
        throw invalidParameter(
          `imageTag must have up to 128 letters, digits and any of . _ -; received "${imageTag}".`,
        );
      }
      const { digest, isNew } = await registry.push(name, text, imageManifestMediaType, imageTag).catch((error) => {
        if (!(error instanceof ServiceError)) throw error;
        const isList = () => readManifest(imageManifest, imageManifestMediaType).manifests.length > 0;
        const unknown = () => (isList() ? 'ReferencedImagesNotFoundException' : 'LayersNotFoundException');
        const code = error.code === 'MANIFEST_BLOB_UNKNOWN' ? unknown() : PUT_ERRORS[error.code];
        throw code === undefined ? error : new ServiceError(code, error.message);
      });
      const imageId = { imageDigest: digest, ...(imageTag !== undefined && { imageTag }) };
      if (!isNew) {
        throw new ServiceError(
          'ImageAlreadyExistsException',
          `Image with digest '${digest}' and tag '${imageTag ?? 'null'}' already exists in the repository with name '${name}' in registry with id '${account.id}'`,
        );
      }
      const imageManifestType = registry.findImage(name, digest)!.media_type;
      const head = { registryId: account.id, repositoryName: name, imageId };
      return { image: { ...head, imageManifest, imageManifestMediaType: imageManifestType } };
    },

    BatchGetImage(request: BatchRequest & { readonly acceptedMediaTypes?: readonly string[] }) {
      const { name } = findRepository(ecr, request);
      const failures: Failure[] = [];
      const images = request.imageIds.flatMap((id) => {
        const image = imageOf(ecr, name, id);
        if (!image) failures.push(failureOf(ecr, name, id));
        if (!image) return [];
        registry.index.markPulled(name, image.digest, Date.now() / 1000);
        return {
          registryId: account.id,
          repositoryName: name,
          imageId: { ...id, imageDigest: image.digest },
          imageManifest: registry.blobs.read(image.digest).toString('utf8'),
          imageManifestMediaType: image.media_type,
        };
      });
      return { images, failures };
    },

    BatchDeleteImage(request: BatchRequest) {
      const { name } = findRepository(ecr, request);
      const failures: Failure[] = [];
      const imageIds: ImageId[] = [];
      for (const id of request.imageIds) {
        const failure = remove(ecr, name, id, imageIds);
        if (failure) failures.push(failure);
      }
      return { imageIds, failures };
    },
  };
}

// --- internal ---

/** By tag the tag goes, and with the last tag the image. */
function remove(ecr: Ecr, repository: string, id: ImageId, removed: ImageId[]): Failure | undefined {
  const { index } = ecr.registry;
  const image = imageOf(ecr, repository, id);
  if (!image) return failureOf(ecr, repository, id);
  const { digest } = image;
  const tags = index.tagsOf(repository, digest);
  const isLast = id.imageTag === undefined || tags.length === 1;
  const [list] = isLast ? index.referrers(repository, digest) : [];
  if (list !== undefined) {
    const failureReason = `Requested image referenced by manifest list: [${list}]`;
    return { imageId: id, failureCode: 'ImageReferencedByManifestList', failureReason };
  }
  if (id.imageTag !== undefined) removed.push({ imageDigest: digest, imageTag: id.imageTag });
  else for (const imageTag of tags) removed.push({ imageDigest: digest, imageTag });
  if (tags.length === 0) removed.push({ imageDigest: digest });
  if (isLast) ecr.registry.removeImage(repository, digest);
  else index.removeTag(repository, id.imageTag!);
  return undefined;
}

function failureOf(ecr: Ecr, repository: string, id: ImageId): Failure {
  const { imageDigest, imageTag } = id;
  if (imageDigest === undefined && imageTag === undefined) {
    const failureReason = 'Invalid request parameters: both tag and digest cannot be null';
    return { imageId: id, failureCode: 'MissingDigestAndTag', failureReason };
  }
  if (imageTag !== undefined && imageDigest !== undefined && ecr.registry.findImage(repository, imageTag)) {
    return {
      imageId: id,
      failureCode: 'ImageTagDoesNotMatchDigest',
      failureReason: 'Requested tag has another digest',
    };
  }
  return { imageId: id, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' };
}
