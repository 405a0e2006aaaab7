/** ListImages, DescribeImages and DescribeImageScanFindings. */
import type { Operation } from '../protocol/run-operation.js';
import type { ImageRow } from '../registry/registry-index.js';
import { ServiceError } from '../service-error.js';
import {
  DEFAULT_PAGE,
  type Ecr,
  findImage,
  findRepository,
  type ImageId,
  invalidParameter,
  type PageRequest,
  type RepositoryRequest,
} from './context.js';

interface ListRequest extends RepositoryRequest, PageRequest {
  readonly filter?: { readonly tagStatus?: 'TAGGED' | 'UNTAGGED' | 'ANY'; readonly imageStatus?: string };
}

export function imageLists(ecr: Ecr): Readonly<Record<string, Operation>> {
  const { registry, account } = ecr;
  const describe = (repository: string, image: ImageRow) => {
    const imageTags = registry.index.tagsOf(repository, image.digest);
    return {
      registryId: account.id,
      repositoryName: repository,
      imageDigest: image.digest,
      ...(imageTags.length > 0 && { imageTags }),
      imageSizeInBytes: image.bytes,
      imagePushedAt: image.pushed,
      imageManifestMediaType: image.media_type,
      ...(image.artifact_type !== null && { artifactMediaType: image.artifact_type }),
      ...(image.pulled !== null && { lastRecordedPullTime: image.pulled }),
      imageStatus: 'ACTIVE',
    };
  };
  /** Images with the filter's tags, in the order of their digests. */
  const page = (repository: string, { maxResults = DEFAULT_PAGE, nextToken = '', filter }: ListRequest) => {
    const after = Buffer.from(nextToken, 'base64').toString('utf8');
    if (nextToken !== '' && !/^sha256:[0-9a-f]{64}$/.test(after)) {
      throw invalidParameter(`nextToken must be one of this list; received "${nextToken}".`);
    }
    const found: ImageRow[] = [];
    let last = after;
    for (;;) {
      const [next] = registry.index.images(repository, last, 1);
      if (!next) return { found };
      if (found.length === maxResults) return { found, nextToken: Buffer.from(last).toString('base64') };
      last = next.digest;
      const isTagged = registry.index.tagsOf(repository, next.digest).length > 0;
      const status = filter?.tagStatus ?? 'ANY';
      if (status === 'ANY' || (status === 'TAGGED') === isTagged) found.push(next);
    }
  };
  return {
    ListImages(request: ListRequest) {
      const { name } = findRepository(ecr, request);
      const { found, nextToken } = page(name, request);
      const imageIds = found.flatMap(({ digest }) => {
        const tags = registry.index.tagsOf(name, digest);
        return tags.length > 0
          ? tags.map((imageTag) => ({ imageDigest: digest, imageTag }))
          : [{ imageDigest: digest }];
      });
      return { imageIds, nextToken };
    },

    DescribeImages(request: ListRequest & { readonly imageIds?: readonly ImageId[] }) {
      const { name } = findRepository(ecr, request);
      if (request.imageIds) {
        const digests = new Map(request.imageIds.map((id) => findImage(ecr, name, id)).map((row) => [row.digest, row]));
        return { imageDetails: [...digests.values()].map((image) => describe(name, image)) };
      }
      const { found, nextToken } = page(name, request);
      return { imageDetails: found.map((image) => describe(name, image)), nextToken };
    },

    DescribeImageScanFindings(request: RepositoryRequest & { readonly imageId: ImageId }) {
      const { name } = findRepository(ecr, request);
      const { digest } = findImage(ecr, name, request.imageId);
      throw new ServiceError(
        'ScanNotFoundException',
        `Image scan does not exist for the image with '{imageDigest:'${digest}', imageTag:'${request.imageId.imageTag ?? 'null'}'}' in the repository with name '${name}' in the registry with id '${account.id}': no scanner runs on this machine. "algo image check" reads an image's packages.`,
      );
    },
  };
}
