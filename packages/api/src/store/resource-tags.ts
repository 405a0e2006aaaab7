/** Tags of a service's resources, up to a number for each, behind the check that the resource is there. */
import type { Store } from './store.js';
import { checkTagKeys, type Tag } from './tags.js';

export interface ResourceTags {
  /** Sets these, leaves others, and gives them all. */
  set(arn: string, tags: readonly Tag[]): readonly Tag[];
  remove(arn: string, keys: readonly string[]): void;
  of(arn: string): readonly Tag[];
}

export interface ResourceTagsOptions {
  /** @throws the service's error where there is no such resource */
  readonly requireResource: (arn: string) => void;
  readonly max: number;
  /** The service's error for more than `max`. */
  readonly tooMany: (count: number) => Error;
  /** The service's error for a key that is reserved, or given twice. */
  readonly refuse: (message: string) => Error;
}

export function resourceTags(
  store: Store,
  { requireResource, max, tooMany, refuse }: ResourceTagsOptions,
): ResourceTags {
  const { tags: stored } = store;
  return {
    set: (arn, tags) =>
      store.transaction(() => {
        requireResource(arn);
        checkTagKeys(tags, refuse);
        stored.set(arn, tags);
        const all = stored.of(arn);
        if (all.length > max) throw tooMany(all.length);
        return all;
      }),
    remove: (arn, keys) =>
      store.transaction(() => {
        requireResource(arn);
        stored.remove(arn, keys);
      }),
    of(arn) {
      requireResource(arn);
      return stored.of(arn);
    },
  };
}
