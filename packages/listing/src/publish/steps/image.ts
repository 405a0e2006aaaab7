/** An image in ECR, under its version. Where a tag is taken by another image, the version must be raised. */
import { ArgumentError, JobError } from '@algo/local';
import { unlessMissing } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import type { ProductImage } from '../images.js';
import { pushImage } from '../registry.js';
import type { Look, Step } from '../step.js';
import { compareWithValidated } from '../validated.js';

export function imageStep(context: PublishContext, image: ProductImage): Step {
  const { prefix, name, repositoryName, imageTag, local } = image;
  return {
    name: `${prefix}image`,
    makes: local ? [`image ${name}, pushed from ${local.name}`] : [],
    hours: [0, 1],
    async isDone(): Promise<Look> {
      const stored = await storedImageId(context, image);
      if (local) {
        const unknown = compareWithValidated(context, image, local.name, await local.content());
        for (const line of unknown) context.say(`${prefix}image: ${line}`);
      }
      if (!local) {
        if (stored !== undefined) return { isDone: true, text: `image ${name} is there` };
        return { isDone: true, isNeedless: true, text: 'no image is pushed, and ECR has none' };
      }
      if (stored === undefined) return { isDone: false, text: `ECR has no image ${repositoryName}:${imageTag}` };
      if (await local.isImage(stored)) return { isDone: true, text: `image ${name} is there` };
      throw new ArgumentError(
        `${name} must be the image ${local.name}; ECR has another one there, ${stored}. A tag stays: raise the version.`,
      );
    },
    async do() {
      const { ecr } = context.clients;
      const { stop } = context.request;
      const { authorizationData: [data] = [] } = await ecr.getAuthorizationToken({});
      if (!data?.proxyEndpoint) throw new JobError('ECR gave no address of its registry');
      const registry = {
        url: data.proxyEndpoint,
        authorization: `Basic ${data.authorizationToken}`,
        fetch: stoppable(context),
      };
      const pushed = local!.open(async (pushable) => {
        await pushImage(registry, pushable, {
          repository: repositoryName,
          tag: imageTag,
          onBlob: (i, all, bytes) =>
            context.progress(`${prefix}image: blob ${i + 1} of ${all}, ${(bytes / 1e6).toFixed(1)} MB`),
        });
        return `pushed ${name}`;
      });
      return pushed.catch((error: unknown) => {
        throw stop?.aborted ? new JobError('stopped') : error; // instead of the AbortError of fetch
      });
    },
  };
}

/** Digest of the configuration of the image in ECR; undefined where there is none. */
export async function storedImageId(
  { clients }: PublishContext,
  { name, repositoryName, imageTag }: ProductImage,
): Promise<string | undefined> {
  const found = await unlessMissing(
    clients.ecr.batchGetImage({ repositoryName, imageIds: [{ imageTag }], acceptedMediaTypes: [...SINGLE_MANIFESTS] }),
  );
  const text = found?.images?.[0]?.imageManifest;
  if (text === undefined) return undefined;
  const manifest: { config?: { digest?: string } } = JSON.parse(text);
  if (manifest.config?.digest === undefined) {
    throw new JobError(`${name} must be one image; ECR has a list there, which Amazon cannot scan`);
  }
  return manifest.config.digest;
}

// --- internal ---

/** A push may last an hour. */
function stoppable({ clients, request: { stop } }: PublishContext): typeof fetch {
  return (url, init) => clients.fetch(url, stop ? { ...init, signal: stop } : init);
}

const SINGLE_MANIFESTS = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
] as const;
