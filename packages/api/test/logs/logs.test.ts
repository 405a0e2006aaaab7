import { expect, it } from 'vitest';
import { callTarget, hasEnded, openScene, trainingJob } from '../support/scene.js';

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

const [logGroupName, logStreamName] = ['group', 'stream'];
const STREAM = { logGroupName, logStreamName };

/** A server with an empty stream. */
async function openLogs() {
  const scene = await openScene();
  const logs = (operation: string, input: object = {}) =>
    callTarget(scene.api.url, `Logs_20140328.${operation}`, input);
  await logs('CreateLogGroup', { logGroupName });
  await logs('CreateLogStream', STREAM);
  const put = (...logEvents: Event[]) => logs('PutLogEvents', { ...STREAM, logEvents });
  return { ...scene, logs, put };
}

const event = (timestamp: number): Event => ({ timestamp, message: `m${timestamp}` });
const tokenOf = (place: readonly unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
const messages = (body: { readonly events: readonly Event[] }) => body.events.map(({ message }) => message);

it("a training job's lines are read while it runs and afterwards, by all the ways that clients read them", async () => {
  const { api, call, put, until } = await openScene();
  const logs = (operation: string, input: object) => callTarget(api.url, `Logs_20140328.${operation}`, input);
  put({ 'train/a.csv': '1,2\n3,4\n' });
  await call('CreateTrainingJob', trainingJob('job'));
  await until('DescribeTrainingJob', { TrainingJobName: 'job' }, hasEnded);
  const group = { logGroupName: '/aws/sagemaker/TrainingJobs' };

  const streams = await logs('DescribeLogStreams', { ...group, logStreamNamePrefix: 'job/' });
  const [stream] = streams.body.logStreams;
  const got = await logs('GetLogEvents', { ...group, logStreamName: stream.logStreamName, startFromHead: true });
  const filtered = await logs('FilterLogEvents', {
    ...group,
    logStreamNamePrefix: 'job/',
    filterPattern: '"train:sum=10"',
  });

  expect(streams.body.logStreams).toHaveLength(1);
  expect(stream).toMatchObject({ firstEventTimestamp: got.body.events[0].timestamp });
  expect(stream.lastEventTimestamp).toBe(got.body.events.at(-1).timestamp);
  expect(messages(got.body).join('\n')).toContain('train:sum=10');
  expect(filtered.body.events).toHaveLength(1);
  expect(filtered.body.events[0]).toMatchObject({ logStreamName: stream.logStreamName, eventId: expect.any(String) });
});

it('events are read forwards and backwards in pages, until the token stays the same', async () => {
  const { logs, put } = await openLogs();
  await put(event(1), event(2), event(3), event(4), event(5));
  const get = async (input: object) => (await logs('GetLogEvents', { ...STREAM, limit: 2, ...input })).body;

  const first = await get({ startFromHead: true });
  const second = await get({ nextToken: first.nextForwardToken });
  const third = await get({ nextToken: second.nextForwardToken });
  const end = await get({ nextToken: third.nextForwardToken });
  const last = await get({});
  const before = await get({ nextToken: last.nextBackwardToken });
  const start = await get({ nextToken: first.nextBackwardToken });

  expect([first, second, third, end].map(messages)).toEqual([['m1', 'm2'], ['m3', 'm4'], ['m5'], []]);
  expect(end.nextForwardToken).toBe(third.nextForwardToken);
  expect([last, before, start].map(messages)).toEqual([['m4', 'm5'], ['m2', 'm3'], []]);
  expect(start.nextBackwardToken).toBe(first.nextBackwardToken);
});

it('what is written after the end was read follows its token', async () => {
  const { logs, put } = await openLogs();
  const get = async (input: object) => (await logs('GetLogEvents', { ...STREAM, ...input })).body;

  const empty = await get({ startFromHead: true });
  await put(event(1));
  const first = await get({ nextToken: empty.nextForwardToken });
  await put(event(1));
  const second = await get({ nextToken: first.nextForwardToken });

  expect([empty, first, second].map(messages)).toEqual([[], ['m1'], ['m1']]);
});

it('events of any time are in order, and a range of time has its start, and its end for a filter only', async () => {
  const { logs, put } = await openLogs();
  await put(event(5), event(6));
  await put(event(1), event(5));

  const all = await logs('GetLogEvents', { ...STREAM, startFromHead: true });
  const range = await logs('GetLogEvents', { ...STREAM, startTime: 5, endTime: 6 });
  const filtered = await logs('FilterLogEvents', { logGroupName, startTime: 5, endTime: 6 });
  const streams = await logs('DescribeLogStreams', { logGroupName });

  expect(messages(all.body)).toEqual(['m1', 'm5', 'm5', 'm6']);
  expect(messages(range.body)).toEqual(['m5', 'm5']);
  expect(messages(filtered.body)).toEqual(['m5', 'm5', 'm6']);
  expect(streams.body.logStreams[0]).toMatchObject({ firstEventTimestamp: 1, lastEventTimestamp: 6 });
});

it('an answer has up to 1 MiB of events', async () => {
  const { logs, put } = await openLogs();
  const message = 'x'.repeat(400_000);
  await put({ timestamp: 1, message }, { timestamp: 2, message }, { timestamp: 3, message });

  const head = (await logs('GetLogEvents', { ...STREAM, startFromHead: true })).body;
  const tail = (await logs('GetLogEvents', STREAM)).body;
  const filtered = (await logs('FilterLogEvents', { logGroupName })).body;
  const rest = (await logs('FilterLogEvents', { logGroupName, nextToken: filtered.nextToken })).body;

  const times = (body: { readonly events: readonly Event[] }) => body.events.map(({ timestamp }) => timestamp);
  expect([head, tail, filtered, rest].map(times)).toEqual([[1, 2], [2, 3], [1, 2], [3]]);
  expect(rest).not.toHaveProperty('nextToken');
});

it('a filter has words, phrases, and words that must be missing or of which one must be there', async () => {
  const { logs, put } = await openLogs();
  const texts = ['ERROR disk is full', 'ERROR network', 'WARN disk', 'ok', ''];
  await put(...texts.filter((text) => text !== '').map((message, i) => ({ timestamp: i, message })));
  const found = async (filterPattern: string) =>
    messages((await logs('FilterLogEvents', { logGroupName, filterPattern })).body);

  expect(await found('ERROR disk')).toEqual([texts[0]]);
  expect(await found('"disk is"')).toEqual([texts[0]]);
  expect(await found('ERROR -disk')).toEqual([texts[1]]);
  expect(await found('?network ?WARN')).toEqual([texts[1], texts[2]]);
  expect(await found('')).toEqual(texts.slice(0, 4));
});

it('events of several streams are one order, in pages, and may be those of some streams', async () => {
  const { logs, put } = await openLogs();
  await logs('CreateLogStream', { logGroupName, logStreamName: 'other' });
  await put(event(1), event(3));
  await logs('PutLogEvents', { logGroupName, logStreamName: 'other', logEvents: [event(2), event(4)] });
  const filter = async (input: object) => (await logs('FilterLogEvents', { logGroupName, ...input })).body;

  const first = await filter({ limit: 3 });
  const second = await filter({ limit: 3, nextToken: first.nextToken });
  const some = await filter({ logStreamNames: ['other'] });
  const prefix = await filter({ logStreamNamePrefix: 'str' });

  expect([first, second, some, prefix].map(messages)).toEqual([['m1', 'm2', 'm3'], ['m4'], ['m2', 'm4'], ['m1', 'm3']]);
  expect(second).not.toHaveProperty('nextToken');
});

it('groups and streams are listed in pages and removed with their events', async () => {
  const { logs, put } = await openLogs();
  for (const name of ['group-b', 'group-c']) await logs('CreateLogGroup', { logGroupName: name });
  await logs('CreateLogStream', { logGroupName, logStreamName: 'a' });
  await put(event(1));
  const names = async (input: object) => {
    const { body } = await logs('DescribeLogGroups', input);
    return [body.logGroups.map((group: { logGroupName: string }) => group.logGroupName), body.nextToken];
  };

  const [first, nextToken] = await names({ logGroupNamePrefix: 'group', limit: 2 });
  expect(first).toEqual(['group', 'group-b']);
  expect(await names({ logGroupNamePrefix: 'group', nextToken })).toEqual([['group-c'], undefined]);
  expect(await names({ logGroupNamePattern: '-b' })).toEqual([['group-b'], undefined]);
  const ordered = await logs('DescribeLogStreams', {
    logGroupName,
    orderBy: 'LastEventTime',
    descending: true,
    limit: 1,
  });
  const next = await logs('DescribeLogStreams', {
    logGroupName,
    orderBy: 'LastEventTime',
    descending: true,
    nextToken: ordered.body.nextToken,
  });
  expect(ordered.body).toMatchObject({ logStreams: [{ logStreamName: 'stream' }] });
  expect(next.body).toMatchObject({ logStreams: [{ logStreamName: 'a' }] });
  await logs('PutRetentionPolicy', { logGroupName, retentionInDays: 7 });
  expect((await logs('DescribeLogGroups', {})).body.logGroups[0]).toMatchObject({ retentionInDays: 7 });
  await logs('DeleteLogStream', STREAM);
  expect((await logs('FilterLogEvents', { logGroupName })).body.events).toEqual([]);
  await logs('DeleteLogGroup', { logGroupName });
  expect((await logs('DescribeLogStreams', { logGroupName })).body.__type).toBe('ResourceNotFoundException');
});

it.each([
  ['GetLogEvents', { logGroupName, logStreamName: 'none' }, 'ResourceNotFoundException'],
  ['GetLogEvents', { logGroupName: 'none', logStreamName }, 'ResourceNotFoundException'],
  ['GetLogEvents', { ...STREAM, nextToken: 'x' }, 'InvalidParameterException'],
  ['GetLogEvents', { ...STREAM, limit: 10_001 }, 'InvalidParameterException'],
  ['CreateLogGroup', { logGroupName }, 'ResourceAlreadyExistsException'],
  ['CreateLogGroup', { logGroupName: 'a b' }, 'InvalidParameterException'],
  ['CreateLogStream', STREAM, 'ResourceAlreadyExistsException'],
  ['PutLogEvents', { ...STREAM, logEvents: [event(2), event(1)] }, 'InvalidParameterException'],
  ['FilterLogEvents', { logGroupName, filterPattern: '{ $.x = 1 }' }, 'InvalidParameterException'],
  ['FilterLogEvents', { logGroupName, logStreamNames: ['a'], logStreamNamePrefix: 'a' }, 'InvalidParameterException'],
  // Tokens that are none of an answer: of the list `groups` without a name, and with one that is no text.
  ['DescribeLogGroups', { nextToken: tokenOf(['groups']) }, 'InvalidParameterException'],
  ['DescribeLogGroups', { nextToken: tokenOf(['groups', {}]) }, 'InvalidParameterException'],
  ['DescribeLogStreams', {}, 'InvalidParameterException'],
  ['StartQuery', {}, 'UnknownOperationException'],
])('%s with %j is refused', async (operation, input, code) => {
  const { logs } = await openLogs();

  const { status, body } = await logs(operation, input);

  expect([status, body.__type]).toEqual([400, code]);
});

it.each([
  [{}, ['a', 'b', 'stream']],
  [{ descending: true }, ['stream', 'b', 'a']],
  [{ orderBy: 'LastEventTime' }, ['b', 'stream', 'a']],
])('streams in the order %j come in pages, also when the last one of a page is deleted', async (order, names) => {
  const { logs, put } = await openLogs();
  for (const name of ['a', 'b']) await logs('CreateLogStream', { logGroupName, logStreamName: name });
  await put(event(1));
  await logs('PutLogEvents', { logGroupName, logStreamName: 'a', logEvents: [event(2)] });
  const page = async (more: object) =>
    (await logs('DescribeLogStreams', { logGroupName, ...order, limit: 1, ...more })).body;
  const nameOf = (body: Awaited<ReturnType<typeof page>>) => body.logStreams[0].logStreamName;

  const first = await page({});
  await logs('DeleteLogStream', { logGroupName, logStreamName: nameOf(first) });
  const second = await page({ nextToken: first.nextToken });
  const third = await page({ nextToken: second.nextToken });
  const foreign = await page({ nextToken: first.nextToken, orderBy: 'LastEventTime', descending: true });

  expect([first, second, third].map(nameOf)).toEqual(names);
  expect(third.nextToken).toBeUndefined();
  expect(foreign.__type).toBe('InvalidParameterException');
});
