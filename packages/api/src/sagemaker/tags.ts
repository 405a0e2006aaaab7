/** AddTags, DeleteTags and ListTags, for every resource. */
import type { Operation } from '../protocol/run-operation.js';
import { resourceTags } from '../store/resource-tags.js';
import type { Tag } from '../store/tags.js';
import { type SageMaker, validationError } from './resources/context.js';

const MAX_TAGS = 50;

interface AddTagsRequest {
  readonly ResourceArn: string;
  readonly Tags: readonly Tag[];
}

interface DeleteTagsRequest {
  readonly ResourceArn: string;
  readonly TagKeys: readonly string[];
}

interface ListTagsRequest {
  readonly ResourceArn: string;
}

export function tagOperations({ store }: SageMaker): Readonly<Record<string, Operation>> {
  const tags = resourceTags(store, {
    requireResource(arn) {
      if (!store.records.findByArn(arn)) throw validationError(`Could not find resource "${arn}".`);
    },
    max: MAX_TAGS,
    refuse: validationError,
    tooMany: (count) => validationError(`A resource can have ${MAX_TAGS} tags; with these it would have ${count}.`),
  });
  return {
    AddTags: ({ ResourceArn, Tags }: AddTagsRequest) => ({ Tags: tags.set(ResourceArn, Tags) }),
    DeleteTags({ ResourceArn, TagKeys }: DeleteTagsRequest) {
      tags.remove(ResourceArn, TagKeys);
      return {};
    },
    ListTags: ({ ResourceArn }: ListTagsRequest) => ({ Tags: tags.of(ResourceArn) }),
  };
}
