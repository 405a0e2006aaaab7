/** Objects in S3: their addresses on this server, and the list of those under a prefix. */

export interface S3Object {
  readonly key: string;
  readonly bytes: number;
}

export interface Listing {
  readonly bucket: string;
  readonly objects: readonly S3Object[];
  /** Whether there are more than these. */
  readonly isCut: boolean;
}

const MAX_KEYS = 200;

/** The parts of `s3://bucket/key`; undefined for anything else. */
function parseS3Uri(uri: string): { readonly bucket: string; readonly key: string } | undefined {
  const found = /^s3:\/\/([a-z0-9][a-z0-9.-]*)(?:\/(.*))?$/s.exec(uri);
  return found ? { bucket: found[1]!, key: found[2] ?? '' } : undefined;
}

/** The address that has the object. */
export function objectAddress(bucket: string, key: string): string {
  return `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
}

/** @throws Error with S3's message */
export async function listObjects(uri: string): Promise<Listing> {
  const place = parseS3Uri(uri);
  if (!place) throw new Error(`"${uri}" is no place in S3.`);
  const query = new URLSearchParams({
    ...{ 'list-type': '2', prefix: place.key, 'encoding-type': 'url', 'max-keys': `${MAX_KEYS}` },
  });
  const response = await fetch(`/${place.bucket}?${query}`);
  const text = await response.text();
  if (!response.ok) throw new Error(elementIn(text, 'Message') ?? response.statusText);
  return { bucket: place.bucket, ...readListing(text) };
}

/** Reads ListObjectsV2's answer with keys in URL encoding: its texts are plain ASCII. */
export function readListing(xml: string): Omit<Listing, 'bucket'> {
  const objects = [...xml.matchAll(/<Contents>(.*?)<\/Contents>/gs)].map(([, one = '']) => ({
    key: decodeURIComponent((elementIn(one, 'Key') ?? '').replaceAll('+', ' ')),
    bytes: Number(elementIn(one, 'Size')),
  }));
  return { objects, isCut: elementIn(xml, 'IsTruncated') === 'true' };
}

// --- internal ---

function elementIn(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}
