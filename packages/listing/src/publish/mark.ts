/**
 * The marks of what publishing makes. What has none was made by somebody else: it is used, and neither changed nor removed.
 * Tags of AWS's resources, metadata of objects in S3.
 */

export interface Mark {
  readonly product: string;
  readonly version: string;
}

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** As AWS answers them. */
type FoundTags = readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;

const MAKER = 'algo publish';
const MADE_BY = 'algo:made-by';
const PRODUCT = 'algo:product';
const VERSION = 'algo:version';

/** @param more tags of this resource alone */
export function tagsOf({ product, version }: Mark, more: Readonly<Record<string, string>> = {}): Tag[] {
  const all = { [MADE_BY]: MAKER, [PRODUCT]: product, [VERSION]: version, ...more };
  return Object.entries(all).map(([Key, Value]) => ({ Key, Value }));
}

/** Whether this product's publishing made it, in whatever version. */
export function isOwn(tags: FoundTags, { product }: Mark): boolean {
  return tagValue(tags, MADE_BY) === MAKER && tagValue(tags, PRODUCT) === product;
}

export function isOfVersion(tags: FoundTags, mark: Mark): boolean {
  return isOwn(tags, mark) && tagValue(tags, VERSION) === mark.version;
}

export function tagValue(tags: FoundTags, key: string): string | undefined {
  return tags?.find(({ Key }) => Key === key)?.Value;
}

/** Metadata of an object; the keys of S3 have no colon. */
export function metadataOf({ product, version }: Mark, sha256: string): Record<string, string> {
  return { 'algo-made-by': MAKER, 'algo-product': product, 'algo-version': version, [SHA256]: sha256 };
}

export function isOwnObject(metadata: Readonly<Record<string, string>> | undefined, { product }: Mark): boolean {
  return metadata?.['algo-made-by'] === MAKER && metadata['algo-product'] === product;
}

export const SHA256 = 'algo-sha256';
