/** TagResource, UntagResource and ListTagsForResource, of entities and change sets. */
import type { Operation } from '../protocol/run-operation.js';
import type { Tag } from '../store/tags.js';
import { notFound } from './catalog-errors.js';
import type { Catalog } from './entity.js';

interface ArnRequest {
  readonly ResourceArn: string;
}

export function catalogTagOperations({ store }: Catalog): Readonly<Record<string, Operation>> {
  const requireResource = (arn: string) => {
    if (!store.records.findByArn(arn)) throw notFound(`The catalog has no resource "${arn}".`);
  };
  return {
    TagResource({ ResourceArn, Tags }: ArnRequest & { readonly Tags: readonly Tag[] }) {
      requireResource(ResourceArn);
      store.transaction(() => store.tags.set(ResourceArn, Tags));
      return {};
    },
    UntagResource({ ResourceArn, TagKeys }: ArnRequest & { readonly TagKeys: readonly string[] }) {
      requireResource(ResourceArn);
      store.transaction(() => store.tags.remove(ResourceArn, TagKeys));
      return {};
    },
    ListTagsForResource({ ResourceArn }: ArnRequest) {
      requireResource(ResourceArn);
      const tags = store.tags.of(ResourceArn);
      return { ResourceArn, ...(tags.length > 0 && { Tags: tags }) };
    },
  };
}
