/** BatchCheckLayerAvailability and GetDownloadUrlForLayer. Layers are uploaded to the registry itself. */
import type { Operation } from '../protocol/run-operation.js';
import { isDigest } from '../registry/digest.js';
import { ServiceError } from '../service-error.js';
import { type Ecr, findRepository, type RepositoryRequest, registryUrl } from './context.js';

export function layerOperations(ecr: Ecr): Readonly<Record<string, Operation>> {
  const { registry, account } = ecr;
  return {
    BatchCheckLayerAvailability(request: RepositoryRequest & { readonly layerDigests: readonly string[] }) {
      const { name } = findRepository(ecr, request);
      const failures = request.layerDigests
        .filter((digest) => !isDigest(digest))
        .map((layerDigest) => ({
          ...{ layerDigest, failureCode: 'InvalidLayerDigest' },
          failureReason: `A digest must be sha256:HEX; received "${layerDigest}".`,
        }));
      const layers = request.layerDigests
        .filter(isDigest)
        .map((layerDigest) =>
          registry.hasBlob(name, layerDigest)
            ? { layerDigest, layerAvailability: 'AVAILABLE', layerSize: registry.blobs.sizeOf(layerDigest) }
            : { layerDigest, layerAvailability: 'UNAVAILABLE' },
        );
      return { layers, failures };
    },

    GetDownloadUrlForLayer(request: RepositoryRequest & { readonly layerDigest: string }, head) {
      const { name } = findRepository(ecr, request);
      const { layerDigest } = request;
      if (!isDigest(layerDigest) || !registry.hasBlob(name, layerDigest)) {
        throw new ServiceError(
          'LayersNotFoundException',
          `The layer ${layerDigest} does not exist in the repository with name '${name}' in the registry with id '${account.id}'`,
        );
      }
      return { layerDigest, downloadUrl: `${registryUrl(ecr, head)}/v2/${name}/blobs/${layerDigest}` };
    },
  };
}
