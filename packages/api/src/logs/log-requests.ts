/** The requests of CloudWatch Logs that have more than a name, with AWS's names of members. */

export interface GroupsRequest {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

/** A group by its name, or by its name or ARN. */
export interface GroupReference {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
}

export interface StreamsRequest extends GroupReference {
  readonly logStreamNamePrefix?: string;
  readonly orderBy?: 'LogStreamName' | 'LastEventTime';
  readonly descending?: boolean;
  readonly nextToken?: string;
  readonly limit?: number;
}

export interface StreamReference {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

export interface PutEventsRequest extends StreamReference {
  readonly logEvents: readonly { readonly timestamp: number; readonly message: string }[];
}

interface TimeRange {
  /** Milliseconds since 1970, inclusive. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
}

export interface GetEventsRequest extends GroupReference, TimeRange {
  readonly logStreamName: string;
  readonly startFromHead?: boolean;
}

export interface FilterEventsRequest extends GroupReference, TimeRange {
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  readonly filterPattern?: string;
}
