/** AddTags, DeleteTags and ListTags, for every resource. */
import type { Operation } from '../protocol/run-operation.js';
import type { Tag } from '../store/tags.js';
import { type SageMaker, validationError } from './context.js';

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
  const requireResource = (arn: string) => {
    if (!store.records.findByArn(arn)) throw validationError(`Could not find resource "${arn}".`);
  };
  return {
    AddTags({ ResourceArn, Tags }: AddTagsRequest) {
      return store.transaction(() => {
        requireResource(ResourceArn);
        store.tags.set(ResourceArn, Tags);
        const all = store.tags.of(ResourceArn);
        if (all.length <= MAX_TAGS) return { Tags: all };
        throw validationError(`A resource can have ${MAX_TAGS} tags; with these it would have ${all.length}.`);
      });
    },
    DeleteTags({ ResourceArn, TagKeys }: DeleteTagsRequest) {
      requireResource(ResourceArn);
      store.transaction(() => store.tags.remove(ResourceArn, TagKeys));
      return {};
    },
    ListTags({ ResourceArn }: ListTagsRequest) {
      requireResource(ResourceArn);
      return { Tags: store.tags.of(ResourceArn) };
    },
  };
}
