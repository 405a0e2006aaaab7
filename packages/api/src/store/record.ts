/** A resource as the store keeps it. */

/** What a resource is, apart from its own members. */
export interface RecordHead {
  /** As in its ARN: `training-job`, `model`. */
  readonly kind: string;
  readonly name: string;
  readonly arn: string;
  /** What StatusEquals compares; an empty text where a resource has none. */
  readonly status: string;
  /** Seconds since 1970, with milliseconds. */
  readonly created: number;
  readonly modified: number;
}

/** A resource with its members. */
export interface StoredRecord<Body> extends RecordHead {
  readonly body: Body;
}

/** A row of the table. */
export interface RecordRow extends RecordHead {
  readonly body: string;
}
