/** The objects of S3 as jobs need them. On this machine each is a plain file. */

export interface ObjectStore {
  /** Has the files: `<folder>/<bucket>/<key>`, for most keys. */
  readonly folder: string;
  /**
   * Objects whose keys begin with the prefix, in the order of the UTF-8 bytes of their keys; sizes in bytes.
   * @throws ServiceError NoSuchBucket
   */
  objects(bucket: string, prefix: string): AsyncIterable<{ readonly key: string; readonly size: number }>;
  /**
   * The file that is the object, to read or link, never to write; undefined when there is no such object.
   * @throws ServiceError NoSuchBucket
   */
  fileOf(bucket: string, key: string): string | undefined;
  /**
   * Makes or replaces an object, whole or not at all.
   * @param source the path of a file, which stays, or the content
   * @throws ServiceError NoSuchBucket
   */
  put(bucket: string, key: string, source: string | Uint8Array): Promise<unknown>;
  /** Removes an object, if there is one. @throws ServiceError NoSuchBucket */
  delete(bucket: string, key: string): void;
}

export interface S3Location {
  readonly bucket: string;
  /** A key or the start of keys; may be empty. */
  readonly key: string;
}

/** The bucket and key of `s3://bucket/key`; undefined for anything else. */
export function parseS3Uri(uri: string): S3Location | undefined {
  const found = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(uri);
  return found ? { bucket: found[1]!, key: found[2] ?? '' } : undefined;
}

/** `s3://bucket/prefix/rest` with one slash between prefix and rest. */
export function s3UriBelow(uri: string, rest: string): string {
  return `${uri.replace(/\/+$/, '')}/${rest}`;
}
