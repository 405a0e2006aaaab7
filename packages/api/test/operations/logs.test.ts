import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { callTarget, openScene } from '../support/scene.js';

const [group, stream, none] = ['group', 'stream', 'none'];
const STREAM = { logGroupName: group, logStreamName: stream };
const NOT_FOUND = 'ResourceNotFoundException';
const EXISTS = 'ResourceAlreadyExistsException';
const MAKES = 'it makes what it names';
const CHANGES = 'it can be done again';
const ONE = 'one answer';

/** Two groups, two streams, two events. */
async function open(): Promise<MatrixCall> {
  const { api } = await openScene();
  const call: MatrixCall = async (operation, input) => {
    const { status, body } = await callTarget(api.url, `Logs_20140328.${operation}`, input);
    return { status, code: body?.__type, body };
  };
  for (const logGroupName of [group, 'other']) await call('CreateLogGroup', { logGroupName });
  for (const logStreamName of [stream, 'other']) await call('CreateLogStream', { ...STREAM, logStreamName });
  const logEvents = [1, 2].map((timestamp) => ({ timestamp, message: `m${timestamp}` }));
  await call('PutLogEvents', { ...STREAM, logEvents });
  return call;
}

checkMatrix({
  model: 'logs',
  open,
  invalid: ['InvalidParameterException', 'InvalidParameterException'],
  rows: {
    CreateLogGroup: {
      right: { logGroupName: 'new' },
      missing: MAKES,
      conflict: [{ logGroupName: group }, EXISTS],
      paged: ONE,
    },
    CreateLogStream: {
      right: { ...STREAM, logStreamName: 'new' },
      missing: [{ ...STREAM, logGroupName: none }, NOT_FOUND],
      conflict: [STREAM, EXISTS],
      paged: ONE,
    },
    DeleteLogGroup: {
      right: { logGroupName: group },
      missing: [{ logGroupName: none }, NOT_FOUND],
      conflict: 'it takes the streams with it',
      paged: ONE,
    },
    DeleteLogStream: {
      right: STREAM,
      missing: [{ ...STREAM, logStreamName: none }, NOT_FOUND],
      conflict: 'it takes the events with it',
      paged: ONE,
    },
    PutRetentionPolicy: {
      right: { logGroupName: group, retentionInDays: 7 },
      missing: [{ logGroupName: none, retentionInDays: 7 }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    DeleteRetentionPolicy: {
      right: { logGroupName: group },
      missing: [{ logGroupName: none }, NOT_FOUND],
      conflict: CHANGES,
      paged: ONE,
    },
    DescribeLogGroups: {
      right: {},
      missing: 'none is an answer',
      conflict: 'it reads',
      paged: { request: {}, items: 'logGroups', limit: 'limit', token: 'nextToken' },
    },
    DescribeLogStreams: {
      right: { logGroupName: group },
      missing: [{ logGroupName: none }, NOT_FOUND],
      conflict: 'it reads',
      paged: { request: { logGroupName: group }, items: 'logStreams', limit: 'limit', token: 'nextToken' },
    },
    FilterLogEvents: {
      right: { logGroupName: group },
      missing: [{ logGroupName: none }, NOT_FOUND],
      conflict: 'it reads',
      paged: { request: { logGroupName: group }, items: 'events', limit: 'limit', token: 'nextToken' },
    },
    GetLogEvents: {
      right: STREAM,
      missing: [{ ...STREAM, logStreamName: none }, NOT_FOUND],
      conflict: 'it reads',
      paged: 'its pages go both ways and have no end: test/logs',
    },
    PutLogEvents: {
      right: { ...STREAM, logEvents: [{ timestamp: Date.now(), message: 'm' }] },
      missing: [{ ...STREAM, logStreamName: none, logEvents: [{ timestamp: 3, message: 'm' }] }, NOT_FOUND],
      conflict: 'events of one time are kept side by side',
      paged: ONE,
    },
  },
});
