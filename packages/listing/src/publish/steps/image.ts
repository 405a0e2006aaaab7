/** The image in ECR, under its version. Where a tag is taken by another image, the version must be raised. */
import { ArgumentError, JobError } from '@algo/local';
import { unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { pushImage } from '../registry.js';
import type { Look, Step } from '../step.js';
import { repositoryOf } from './repository.js';

export function imageStep(context: PublishContext): Step {
  const { source, request } = context;
  const { image } = source.seller;
  const { repositoryName, imageTag } = repositoryOf(image);
  const local = request.image;
  return {
    name: 'image',
    makes: local ? [`image ${image}, pushed from ${local.name}`] : [],
    hours: [0, 1],
    async isDone(): Promise<Look> {
      const stored = await storedImageId(context);
      if (!local) {
        const text = stored === undefined ? 'no image is pushed, and ECR has none' : `image ${image} is there`;
        return { isDone: true, text };
      }
      if (stored === undefined) return { isDone: false, text: `ECR has no image ${repositoryName}:${imageTag}` };
      if (await local.isImage(stored)) return { isDone: true, text: `image ${image} is there` };
      throw new ArgumentError(
        `${image} must be the image ${local.name}; ECR has another one there, ${stored}. A tag stays: raise the version.`,
      );
    },
    async do() {
      const { ecr, fetch } = context.clients;
      const { authorizationData: [data] = [] } = await ecr.getAuthorizationToken({});
      if (!data?.proxyEndpoint) throw new JobError('ECR gave no address of its registry');
      const registry = { url: data.proxyEndpoint, authorization: `Basic ${data.authorizationToken}`, fetch };
      return local!.open(async (pushable) => {
        await pushImage(registry, pushable, {
          repository: repositoryName,
          tag: imageTag,
          onBlob: (i, all, bytes) => context.progress(`image: blob ${i + 1} of ${all}, ${(bytes / 1e6).toFixed(1)} MB`),
        });
        return `pushed ${image}`;
      });
    },
  };
}

/** Digest of the configuration of the image in ECR; undefined where there is none. */
export async function storedImageId({ clients, source }: PublishContext): Promise<string | undefined> {
  const { repositoryName, imageTag } = repositoryOf(source.seller.image);
  const found = await unlessMissing(
    clients.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag }], acceptedMediaTypes: [...SINGLE_MANIFESTS] }),
  );
  const text = found?.images?.[0]?.imageManifest;
  if (text === undefined) return undefined;
  const manifest: { config?: { digest?: string } } = JSON.parse(text);
  if (manifest.config?.digest === undefined) {
    throw new JobError(`${source.seller.image} must be one image; ECR has a list there, which Amazon cannot scan`);
  }
  return manifest.config.digest;
}

// --- internal ---

const SINGLE_MANIFESTS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
] as const;
