/** What hosts say to each other: that they wait, a signal, how they ended. */
import { expect, it } from 'vitest';
import { type Failure, failureMessage, lineOf } from '../../../src/cluster/wire/message.js';
import { ClientError } from '../../../src/errors.js';
import { ADDRESSES, helloOf, PROGRAM, useMeshes } from './meshes.js';

const meshes = useMeshes();
const { join, silentHost } = meshes;

it('is ready once each host is connected with each other one, in whatever order they come', async () => {
  const third = join(2);
  const second = join(1);
  const first = join(0);

  await Promise.all([first.ready, second.ready, third.ready]);

  expect([first.seen, second.seen, third.seen]).toEqual([[], [], []]);
  expect(meshes.connected.sort()).toEqual([0, 1, 2]);
});

it('a signal of one host reaches all others', async () => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  second.stop('SIGINT');

  expect(await Promise.all([first.stopped, third.stopped])).toEqual(['SIGINT of algo-2', 'SIGINT of algo-2']);
});

it('the failure of one host ends the job on all others, with its cause', async () => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  await third.leave({ kind: 'failed', cause: 'ClientError', code: 'E_CHANNEL', text: 'Channel "train" is empty.' });

  const failures = await Promise.all([first.failure, second.failure]);
  expect(failures[0]).toBeInstanceOf(ClientError);
  expect(failures.map(({ message }) => message)).toEqual(
    Array(2).fill('Host algo-3 failed: Channel "train" is empty.'),
  );
});

it('a failure that one host passes on keeps the name of the host that has it', async () => {
  const [first, second] = [join(0), join(1)];
  const third = await silentHost(helloOf('algo-3'), ADDRESSES[2]);
  await first.ready;

  third.write(lineOf(failureMessage(new ClientError('E_CHANNEL', 'Channel "train" is empty.'))));
  await first.leave(failureMessage(await first.failure));

  expect((await second.failure).message).toBe('Host algo-3 failed: Channel "train" is empty.');
});

it('a host that is done may leave, and is not missed', async () => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  await second.leave();
  third.stop('SIGTERM');

  expect(await first.stopped).toBe('SIGTERM of algo-3');
  expect(first.seen).toEqual(['SIGTERM of algo-3']);
});

it('hosts that run other programs are refused, and both say which', async () => {
  const first = join(0, { size: 2 });
  const second = join(1, { size: 2, program: { ...PROGRAM, algorithm: 'test 1.1.0' } });

  const failures = await Promise.all([first.failure, second.failure]);

  expect(failures.map(({ code }) => code)).toEqual(['E_CLUSTER', 'E_CLUSTER']);
  const text = 'The hosts of a job must run the same program: it is test 1.0.0 on algo-1, and test 1.1.0 on algo-2.';
  expect(failures.map(({ message }) => message)).toEqual([text, text]);
});

it.each([
  ['in another order', ['algo-1', 'algo-2'], ['algo-2', 'algo-1']],
  ['with one more', ['algo-1', 'algo-2'], ['algo-1', 'algo-2', 'algo-3']],
])('hosts whose lists of hosts differ meet, and are refused: %s', async (_how, hosts, others) => {
  const programOf = (list: readonly string[]) => ({ ...PROGRAM, settings: { hosts: list.join(', ') } });
  const first = join(hosts.indexOf('algo-1'), { hosts, program: programOf(hosts) });
  const second = join(others.indexOf('algo-2'), { hosts: others, program: programOf(others) });

  const failures = await Promise.all([first.failure, second.failure]);

  for (const { code, message } of failures) {
    expect(code).toBe('E_CLUSTER');
    expect(message).toContain(`hosts is "${hosts.join(', ')}" on algo-1`);
    expect(message).toContain(`"${others.join(', ')}" on algo-2`);
  }
});

it('a host that has failed stays until the others have come, and reports it', async () => {
  const second = join(1);

  const left = second.leave(
    { kind: 'failed', cause: 'ClientError', code: 'E_CHANNEL', text: 'No rows.' },
    new Promise(() => undefined),
  );
  const [first, third] = [join(0), join(2)];

  const failures = await Promise.all([first.failure, third.failure]);
  expect(failures.map(({ message }) => message)).toEqual(Array(2).fill('Host algo-2 failed: No rows.'));
  await left;
});

it('it leaves earlier when its patience ends', async () => {
  const second = join(1);

  await second.leave({ kind: 'failed', cause: 'ClientError', code: 'E_CHANNEL', text: 'No rows.' }, Promise.resolve());

  expect(second.seen).toEqual([]);
});

it('a signal of one host reaches those that come later', async () => {
  const second = join(1);

  second.stop('SIGTERM');

  expect(await join(0).stopped).toBe('SIGTERM of algo-2');
});

it.each<[string, Failure | undefined, boolean]>([
  ['with a model', undefined, true],
  ['without one', { kind: 'failed', cause: 'ClientError', code: 'E_STOPPED', text: 'Stopped.' }, false],
])('a host whose work a stop has ended hears how the leader ends: %s', async (_how, failure, hasModel) => {
  const [first, second, third] = [join(0), join(1), join(2)];
  await Promise.all([first.ready, second.ready, third.ready]);

  const kept = second.halt('The job was stopped.');
  const halted = await Promise.all([first.halted, third.halted]);
  const keptByThird = third.halt();
  expect(await first.halt()).toBe(false);
  await first.leave(failure);

  expect(halted.map(({ code, message }) => [code, message])).toEqual(
    Array(2).fill(['E_STOPPED', 'Host algo-2: The job was stopped.']),
  );
  expect(await Promise.all([kept, keptByThird])).toEqual([hasModel, hasModel]);
});
