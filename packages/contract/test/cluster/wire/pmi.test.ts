import { expect, it } from 'vitest';
import { createPmiExchange, isForAll } from '../../../src/cluster/wire/pmi.js';

/** A rank that asks, with the answers it has had. */
function rank(exchange: ReturnType<typeof createPmiExchange>) {
  const answers: string[] = [];
  const aborts: string[] = [];
  const ask = exchange.connect(
    (line) => answers.push(line),
    (reason) => aborts.push(reason),
  );
  return { ask, answers, aborts };
}

it('ranks put their addresses, wait for all, and get those of the others', () => {
  const exchange = createPmiExchange(2, 'job');
  const [first, second] = [rank(exchange), rank(exchange)];

  first.ask('cmd=initack pmiid=0');
  first.ask('cmd=init pmi_version=1 pmi_subversion=1');
  first.ask('cmd=get_maxes');
  first.ask('cmd=get_my_kvsname');
  first.ask('cmd=put kvsname=job key=address-0 value=fi_sockaddr_in://10.0.1.5:4711');
  first.ask('cmd=barrier_in');
  expect(first.answers.at(-1)).toBe('cmd=put_result rc=0');
  second.ask('cmd=barrier_in');
  second.ask('cmd=get kvsname=job key=address-0');

  expect(first.answers).toEqual([
    ...['cmd=initack rc=0', 'cmd=set size=2', 'cmd=set rank=0', 'cmd=set debug=0'],
    'cmd=response_to_init rc=0 pmi_version=1 pmi_subversion=1',
    'cmd=maxes rc=0 kvsname_max=256 keylen_max=64 vallen_max=1024',
    'cmd=my_kvsname rc=0 kvsname=job',
    'cmd=put_result rc=0',
    'cmd=barrier_out rc=0',
  ]);
  expect(second.answers).toEqual(['cmd=barrier_out rc=0', 'cmd=get_result rc=0 value=fi_sockaddr_in://10.0.1.5:4711']);
});

it('a barrier can be used again, and again waits for all', () => {
  const exchange = createPmiExchange(2);
  const [first, second] = [rank(exchange), rank(exchange)];

  for (const each of [first, second, second]) each.ask('cmd=barrier_in');

  expect(first.answers).toEqual(['cmd=barrier_out rc=0']);
  expect(second.answers).toEqual(['cmd=barrier_out rc=0']);
});

it.each([
  ['cmd=get kvsname=job key=PMI_process_mapping', 'cmd=get_result rc=0 value=(vector,(0,3,1))'],
  ['cmd=get kvsname=job key=missing', 'cmd=get_result rc=-1 msg=unknown_key'],
  ['cmd=get_universe_size', 'cmd=universe_size rc=0 size=3'],
  ['cmd=get_appnum', 'cmd=appnum rc=0 appnum=0'],
  ['cmd=finalize', 'cmd=finalize_ack rc=0'],
  ['cmd=spawn', 'cmd=spawn rc=-1 msg=unknown_command'],
])('%s is answered by %s', (question, answer) => {
  const { ask, answers } = rank(createPmiExchange(3));

  ask(question);

  expect(answers).toEqual([answer]);
});

it('a rank that gives up is reported, with its reason if it has one', () => {
  const { ask, aborts } = rank(createPmiExchange(1));

  ask('cmd=abort exitcode=7');
  ask('cmd=abort exitcode=7 error_msg=lost');

  expect(aborts).toEqual(['exit code 7', 'lost']);
});

it('jobs have spaces of their own, by which the library names shared memory', () => {
  const jobs = [rank(createPmiExchange(1)), rank(createPmiExchange(1))];

  for (const { ask } of jobs) ask('cmd=get_my_kvsname');

  const names = jobs.map(({ answers }) => /^cmd=my_kvsname rc=0 kvsname=(\S+)$/.exec(answers[0]!)![1]!);
  expect(new Set(names).size).toBe(2);
});

it.each([
  ['cmd=put kvsname=job key=a value=b', true],
  ['cmd=get kvsname=job key=a', true],
  ['cmd=get_my_kvsname', true],
  ['cmd=barrier_in', true],
  ['cmd=abort exitcode=1', true],
  ['cmd=get_maxes', false],
  ['cmd=initack pmiid=1', false],
  ['cmd=finalize', false],
])('the leader takes what is about all ranks: %s', (line, isForLeader) => {
  expect(isForAll(line)).toBe(isForLeader);
});
