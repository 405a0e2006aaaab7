/** TagResource, UntagResource and ListTagsForResource, of repositories. */
import type { Operation } from '../protocol/run-operation.js';
import { REPOSITORY } from '../registry/registry.js';
import { ServiceError } from '../service-error.js';
import { resourceTags } from '../store/resource-tags.js';
import type { Tag } from '../store/tags.js';
import { type Ecr, invalidParameter, invalidTag } from './context.js';

interface ArnRequest {
  readonly resourceArn: string;
}

const MAX_TAGS = 50;

export function tagOperations({ store, account }: Ecr): Readonly<Record<string, Operation>> {
  const requireRepository = (arn: string) => {
    if (!/^arn:aws[a-z-]*:ecr:[a-z0-9-]+:\d{12}:repository\/.+$/.test(arn)) {
      throw invalidParameter(`resourceArn must be that of a repository; received "${arn}".`);
    }
    if (store.records.findByArn(arn)?.kind === REPOSITORY) return;
    const name = arn.replace(/^.*:repository\//, '');
    throw new ServiceError(
      'RepositoryNotFoundException',
      `The repository with name '${name}' does not exist in the registry with id '${account.id}'`,
    );
  };
  const tags = resourceTags(store, {
    requireResource: requireRepository,
    max: MAX_TAGS,
    refuse: invalidTag,
    tooMany: (count) =>
      new ServiceError('TooManyTagsException', `A repository can have ${MAX_TAGS} tags; it would have ${count}.`),
  });
  return {
    TagResource(request: ArnRequest & { readonly tags: readonly Tag[] }) {
      tags.set(request.resourceArn, request.tags);
      return {};
    },
    UntagResource({ resourceArn, tagKeys }: ArnRequest & { readonly tagKeys: readonly string[] }) {
      tags.remove(resourceArn, tagKeys);
      return {};
    },
    ListTagsForResource({ resourceArn }: ArnRequest) {
      return { tags: tags.of(resourceArn) };
    },
  };
}
