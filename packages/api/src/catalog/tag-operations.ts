/** TagResource, UntagResource and ListTagsForResource, of entities and change sets. */
import type { Operation } from '../protocol/run-operation.js';
import { resourceTags } from '../store/resource-tags.js';
import type { Tag } from '../store/tags.js';
import { invalid, notFound } from './catalog-errors.js';
import type { Catalog } from './entity.js';

interface ArnRequest {
  readonly ResourceArn: string;
}

/** As many as one request may bring. */
const MAX_TAGS = 200;

export function catalogTagOperations({ store }: Catalog): Readonly<Record<string, Operation>> {
  const tags = resourceTags(store, {
    requireResource(arn) {
      if (!store.records.findByArn(arn)) throw notFound(`The catalog has no resource "${arn}".`);
    },
    max: MAX_TAGS,
    refuse: invalid,
    tooMany: (count) => invalid(`A resource can have ${MAX_TAGS} tags; with these it would have ${count}.`),
  });
  return {
    TagResource({ ResourceArn, Tags }: ArnRequest & { readonly Tags: readonly Tag[] }) {
      tags.set(ResourceArn, Tags);
      return {};
    },
    UntagResource({ ResourceArn, TagKeys }: ArnRequest & { readonly TagKeys: readonly string[] }) {
      tags.remove(ResourceArn, TagKeys);
      return {};
    },
    ListTagsForResource({ ResourceArn }: ArnRequest) {
      const all = tags.of(ResourceArn);
      return { ResourceArn, ...(all.length > 0 && { Tags: all }) };
    },
  };
}
