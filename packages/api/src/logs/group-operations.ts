/** The operations on log groups and streams. */
import type { Account } from '../account.js';
import type { Operation } from '../protocol/run-operation.js';
import { ServiceError } from '../service-error.js';
import { readPlace, writePlace } from './list-tokens.js';
import type { GroupReference, GroupsRequest, StreamReference, StreamsRequest } from './log-requests.js';
import type { LogGroup, LogStore, LogStreamRow } from './log-store.js';

/** Of one answer; Amazon CloudWatch Logs API Reference. */
const MAX_PAGE = 50;

export function groupOperations(store: LogStore, account: Account): Readonly<Record<string, Operation>> {
  return {
    CreateLogGroup: ({ logGroupName }: { readonly logGroupName: string }) => {
      if (!store.addGroup(logGroupName, Date.now())) throw alreadyExists('log group');
    },
    DeleteLogGroup: (request: GroupReference) => store.removeGroup(requireGroup(store, request)),
    DescribeLogGroups: (request: GroupsRequest) => describeGroups(store, account, request),
    PutRetentionPolicy: ({ retentionInDays, ...request }: GroupReference & { readonly retentionInDays: number }) =>
      store.setRetention(requireGroup(store, request), retentionInDays),
    DeleteRetentionPolicy: (request: GroupReference) => store.setRetention(requireGroup(store, request), null),
    CreateLogStream: ({ logGroupName, logStreamName }: StreamReference) => {
      requireGroup(store, { logGroupName });
      if (!store.addStream(logGroupName, logStreamName, Date.now())) throw alreadyExists('log stream');
    },
    DeleteLogStream: ({ logGroupName, logStreamName }: StreamReference) => {
      requireStream(store, logGroupName, logStreamName);
      store.removeStream(logGroupName, logStreamName);
    },
    DescribeLogStreams: (request: StreamsRequest) => describeStreams(store, account, request),
  };
}

/** Name of the group. @throws ServiceError ResourceNotFoundException, InvalidParameterException */
export function requireGroup(store: LogStore, { logGroupName, logGroupIdentifier }: GroupReference): string {
  const name =
    logGroupName ?? logGroupIdentifier?.replace(/^arn:aws[\w-]*:logs:[^:]*:\d*:log-group:/, '').replace(/:\*$/, '');
  if (name === undefined) throw new ServiceError('InvalidParameterException', 'logGroupName must be given.');
  if (store.group(name) === undefined) throw notFound('log group');
  return name;
}

/** @throws ServiceError ResourceNotFoundException */
export function requireStream(store: LogStore, group: string, name: string): void {
  requireGroup(store, { logGroupName: group });
  if (store.stream(group, name) === undefined) throw notFound('log stream');
}

// --- internal ---

function notFound(what: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', `The specified ${what} does not exist.`);
}

function alreadyExists(what: string): ServiceError {
  return new ServiceError('ResourceAlreadyExistsException', `The specified ${what} already exists`);
}

/** Before all names. */
const FIRST_GROUP: readonly [name: string] = [''];

function describeGroups(store: LogStore, account: Account, request: GroupsRequest) {
  const { logGroupNamePrefix = '', logGroupNamePattern = '', nextToken, limit = MAX_PAGE } = request;
  const [after] = nextToken === undefined ? FIRST_GROUP : readPlace('groups', nextToken, FIRST_GROUP);
  const found = store.groups(logGroupNamePrefix, logGroupNamePattern, after, limit + 1);
  const logGroups = found.slice(0, limit).map((group) => describeGroup(group, account));
  return {
    logGroups,
    ...(found.length > limit && { nextToken: writePlace('groups', [logGroups.at(-1)!.logGroupName]) }),
  };
}

function describeGroup({ name, created, retentionDays }: LogGroup, account: Account) {
  const arn = groupArn(name, account);
  return {
    ...{ logGroupName: name, creationTime: created, metricFilterCount: 0, storedBytes: 0 },
    ...{ arn: `${arn}:*`, logGroupArn: arn, logGroupClass: 'STANDARD' },
    ...(retentionDays !== null && { retentionInDays: retentionDays }),
  };
}

function groupArn(name: string, { region, id }: Account): string {
  return `arn:aws:logs:${region}:${id}:log-group:${name}`;
}

/** Time of the last event where the list is in that order, and name. */
type StreamPlace = readonly [key: number, name: string];

function describeStreams(store: LogStore, account: Account, request: StreamsRequest) {
  const {
    logStreamNamePrefix = '',
    orderBy = 'LogStreamName',
    descending = false,
    nextToken,
    limit = MAX_PAGE,
  } = request;
  if (orderBy === 'LastEventTime' && logStreamNamePrefix !== '') {
    const message = 'Cannot order by LastEventTime with a logStreamNamePrefix.';
    throw new ServiceError('InvalidParameterException', message);
  }
  const group = requireGroup(store, request);
  const keyOf = ({ lastAt }: LogStreamRow) => (orderBy === 'LastEventTime' ? (lastAt ?? 0) : 0);
  const compare = (a: LogStreamRow, [key, name]: StreamPlace) =>
    keyOf(a) - key || (a.name < name ? -1 : a.name > name ? 1 : 0);
  const sign = descending ? -1 : 1;
  const list = `streams ${orderBy} ${descending}`;
  const after = nextToken === undefined ? undefined : readPlace<StreamPlace>(list, nextToken, [0, '']);
  const rest = store
    .streams(group, logStreamNamePrefix)
    .filter((stream) => after === undefined || sign * compare(stream, after) > 0)
    .sort((a, b) => sign * compare(a, [keyOf(b), b.name]));
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  return {
    logStreams: shown.map((stream) => describeStream(stream, groupArn(group, account))),
    ...(rest.length > limit && last && { nextToken: writePlace(list, [keyOf(last), last.name]) }),
  };
}

function describeStream({ name, created, firstAt, lastAt }: LogStreamRow, group: string) {
  return {
    ...{ logStreamName: name, creationTime: created, arn: `${group}:log-stream:${name}`, storedBytes: 0 },
    ...(firstAt !== null &&
      lastAt !== null && {
        ...{ firstEventTimestamp: firstAt, lastEventTimestamp: lastAt, lastIngestionTime: lastAt },
      }),
  };
}
