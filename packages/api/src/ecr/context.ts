/** What ECR's operations work with. */
import type { Account } from '../account.js';
import type { Registry, RepositoryBody } from '../registry/registry.js';
import type { ImageRow } from '../registry/registry-index.js';
import type { RequestHead } from '../server/request-head.js';
import { ServiceError } from '../service-error.js';
import type { StoredRecord } from '../store/record.js';
import type { Store } from '../store/store.js';

export interface Ecr {
  readonly store: Store;
  readonly registry: Registry;
  readonly account: Account;
}

export interface RepositoryRequest {
  readonly registryId?: string;
  readonly repositoryName: string;
}

export interface ImageId {
  readonly imageDigest?: string;
  readonly imageTag?: string;
}

export interface PageRequest {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

/** ECR's number of items on a page that says none. */
export const DEFAULT_PAGE = 100;

/** @throws ServiceError RepositoryNotFoundException, as for another account's registry too */
export function findRepository(ecr: Ecr, request: RepositoryRequest): StoredRecord<RepositoryBody> {
  const { registryId = ecr.account.id, repositoryName } = request;
  const found = registryId === ecr.account.id ? ecr.registry.repository(repositoryName) : undefined;
  if (found) return found;
  throw new ServiceError(
    'RepositoryNotFoundException',
    `The repository with name '${repositoryName}' does not exist in the registry with id '${registryId}'`,
  );
}

/** The image with the digest, the tag, or both. */
export function imageOf(
  { registry }: Ecr,
  repository: string,
  { imageDigest, imageTag }: ImageId,
): ImageRow | undefined {
  const image = registry.findImage(repository, imageTag ?? imageDigest ?? '');
  return imageDigest === undefined || image?.digest === imageDigest ? image : undefined;
}

/** @throws ServiceError ImageNotFoundException */
export function findImage(ecr: Ecr, repository: string, id: ImageId): ImageRow {
  const image = imageOf(ecr, repository, id);
  if (image) return image;
  const text = `{imageDigest:'${id.imageDigest ?? 'null'}', imageTag:'${id.imageTag ?? 'null'}'}`;
  throw new ServiceError(
    'ImageNotFoundException',
    `The image with imageId ${text} does not exist within the repository with name '${repository}' in the registry with id '${ecr.account.id}'`,
  );
}

/**
 * Where this client's container engine reaches the registry: under the name by which the client itself came. That is this
 * machine's address, or AWS's name where the client uses the proxy.
 */
export function registryHost({ account: { id, region } }: Ecr, { headers: { host = '' } }: RequestHead): string {
  return /^api\.ecr[.-]|^ecr\./.test(host) ? `${id}.dkr.ecr.${region}.amazonaws.com` : host;
}

/** The same with its scheme: AWS's names are answered by TLS. */
export function registryUrl(ecr: Ecr, head: RequestHead): string {
  const host = registryHost(ecr, head);
  return `${host.endsWith('.amazonaws.com') ? 'https' : 'http'}://${host}`;
}

export function invalidTag(message: string): ServiceError {
  return new ServiceError('InvalidTagParameterException', message);
}

export function invalidParameter(message: string): ServiceError {
  return new ServiceError('InvalidParameterException', message);
}
