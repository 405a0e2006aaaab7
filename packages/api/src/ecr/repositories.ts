/** CreateRepository, DescribeRepositories, DeleteRepository, PutImageTagMutability, GetAuthorizationToken. */
import type { Operation } from '../protocol/run-operation.js';
import { REPOSITORY, type RepositoryBody } from '../registry/registry.js';
import type { RequestHead } from '../server/request-head.js';
import { ServiceError } from '../service-error.js';
import type { StoredRecord } from '../store/record.js';
import { checkTagKeys, type Tag } from '../store/tags.js';
import {
  DEFAULT_PAGE,
  type Ecr,
  findRepository,
  invalidParameter,
  invalidTag,
  type PageRequest,
  type RepositoryRequest,
  registryHost,
  registryUrl,
} from './context.js';

interface TagMutability {
  readonly imageTagMutability?: string;
  readonly imageTagMutabilityExclusionFilters?: readonly { readonly filterType: string; readonly filter: string }[];
}

interface CreateRequest extends RepositoryRequest, TagMutability {
  readonly tags?: readonly Tag[];
  readonly imageScanningConfiguration?: { readonly scanOnPush?: boolean };
  readonly encryptionConfiguration?: { readonly encryptionType: string };
}

interface DescribeRequest extends PageRequest {
  readonly registryId?: string;
  readonly repositoryNames?: readonly string[];
}

/** A token of the real service is good for 12 hours. */
const TOKEN_SECONDS = 43_200;

export function repositoryOperations(ecr: Ecr): Readonly<Record<string, Operation>> {
  const { store, registry, account } = ecr;
  const describe = ({ name, arn, created, body }: StoredRecord<RepositoryBody>, head: RequestHead) => ({
    repositoryArn: arn,
    registryId: account.id,
    repositoryName: name,
    repositoryUri: `${registryHost(ecr, head)}/${name}`,
    createdAt: created,
    imageTagMutability: body.imageTagMutability,
    imageTagMutabilityExclusionFilters: body.imageTagMutabilityExclusionFilters,
    imageScanningConfiguration: { scanOnPush: body.scanOnPush },
    encryptionConfiguration: { encryptionType: 'AES256' },
  });
  return {
    CreateRepository(request: CreateRequest, head) {
      const { repositoryName: name, tags = [], imageScanningConfiguration, encryptionConfiguration } = request;
      if ((encryptionConfiguration?.encryptionType ?? 'AES256') !== 'AES256') {
        throw invalidParameter('encryptionConfiguration must be of type AES256 on this machine, which has no KMS.');
      }
      checkTagKeys(tags, invalidTag);
      const created = Date.now() / 1000;
      const record: StoredRecord<RepositoryBody> = {
        ...{ kind: REPOSITORY, name, arn: `arn:aws:ecr:${account.region}:${account.id}:repository/${name}` },
        ...{ status: '', created, modified: created },
        body: { ...mutabilityOf(request), scanOnPush: imageScanningConfiguration?.scanOnPush ?? false },
      };
      store.transaction(() => {
        if (!store.records.insert(record)) {
          throw new ServiceError(
            'RepositoryAlreadyExistsException',
            `The repository with name '${name}' already exists in the registry with id '${account.id}'`,
          );
        }
        store.tags.set(record.arn, tags);
      });
      return { repository: describe(record, head) };
    },

    DescribeRepositories({ repositoryNames, ...request }: DescribeRequest, head) {
      if (repositoryNames) {
        const found = repositoryNames.map((repositoryName) => findRepository(ecr, { ...request, repositoryName }));
        return { repositories: found.map((record) => describe(record, head)) };
      }
      const { maxResults = DEFAULT_PAGE, nextToken } = request;
      const { items, nextToken: next } = store.records.list<RepositoryBody>({
        ...{ kind: REPOSITORY, sortBy: 'name', isDescending: false, maxResults, nextToken },
      });
      return { repositories: items.map((record) => describe(record, head)), nextToken: next };
    },

    DeleteRepository({ force = false, ...request }: RepositoryRequest & { readonly force?: boolean }, head) {
      const record = findRepository(ecr, request);
      if (!force && registry.index.images(record.name, '', 1).length > 0) {
        throw new ServiceError(
          'RepositoryNotEmptyException',
          `The repository with name '${record.name}' in registry with id '${account.id}' cannot be deleted because it still contains images`,
        );
      }
      registry.removeRepository(record.name);
      return { repository: describe(record, head) };
    },

    PutImageTagMutability(request: RepositoryRequest & TagMutability) {
      const record = findRepository(ecr, request);
      const mutability = mutabilityOf(request);
      const { imageTagMutabilityExclusionFilters: _, ...kept } = record.body;
      store.records.update({ ...record, modified: Date.now() / 1000, body: { ...kept, ...mutability } });
      return { registryId: account.id, repositoryName: record.name, ...mutability };
    },

    GetAuthorizationToken(_: unknown, head) {
      const token = Buffer.from('AWS:local').toString('base64');
      const expiresAt = Math.floor(Date.now() / 1000) + TOKEN_SECONDS;
      return { authorizationData: [{ authorizationToken: token, expiresAt, proxyEndpoint: registryUrl(ecr, head) }] };
    },
  };
}

// --- internal ---

function mutabilityOf(request: TagMutability) {
  const { imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters } = request;
  if (imageTagMutability.endsWith('_WITH_EXCLUSION') !== (filters !== undefined)) {
    throw invalidParameter('imageTagMutabilityExclusionFilters must be given with, and only with, *_WITH_EXCLUSION.');
  }
  return { imageTagMutability, ...(filters && { imageTagMutabilityExclusionFilters: filters }) };
}
