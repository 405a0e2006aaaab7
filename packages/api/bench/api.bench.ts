/**
 * `algo up` compared with moto's server and fakecloud, as programs that a user starts: requests per second of
 * DescribeTrainingJob and ListTrainingJobs with 10,000 jobs, the time from start to the first answer, and memory. The peers
 * keep jobs in memory and run none; ours are in its database.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  alternate,
  type BenchContext,
  bundlePrograms,
  type CargoProgram,
  type Contender,
  cargoProgram,
  defineBench,
  type Outcome,
  openServer,
  PYTHON_VARIABLES,
  type Question,
  type Row,
  type RunningServer,
  requestsPerSecond,
  row,
  runNode,
  type Sample,
  type StartServerOptions,
} from '@algo/bench';
import { requestHeaders, trainingJobName } from './programs/job-request.ts';

type Peer = 'moto' | 'fakecloud';
type Program = Pick<StartServerOptions, 'command' | 'args' | 'variables'>;

const JOBS = 10_000;
const ROUNDS = 7;
const SECONDS = 2;
const CONNECTIONS = 8;
const FAKECLOUD = '0.51.0';
const repository = join(import.meta.dirname, '..', '..', '..');

export const bench = defineBench({
  name: 'api',
  description: `requests per second with ${JOBS} training jobs (${CONNECTIONS} connections), start and memory`,
  pythonPackages: ['moto[server]'],
  async measure(context) {
    const fakecloud = await cargoProgram('fakecloud', FAKECLOUD, context.progress);
    const motoMissing = context.python.missing(['moto[server]']);
    const peers: Record<Peer, Program | string> = {
      moto: motoMissing ?? motoProgram(join(context.python.binDirectory!, 'moto_server')),
      fakecloud: fakecloudProgram(fakecloud),
    };
    const names = { moto: context.python.label('moto'), fakecloud: `fakecloud ${FAKECLOUD}` };
    return [...(await startRows(context, peers, names)), ...(await loadRows(context, peers, names))];
  },
});

// --- internal ---

/** The `algo` of this workspace, which must be built. */
function ourProgram(dataFolder: string): Program {
  const algo = join(repository, 'packages', 'cli', 'bin', 'algo.js');
  return { command: process.execPath, args: (port) => [algo, 'up', '--data', dataFolder, '--port', String(port)] };
}

function motoProgram(command: string): Program {
  return { command, args: (port) => ['-H', '127.0.0.1', '-p', String(port)], variables: () => PYTHON_VARIABLES };
}

function fakecloudProgram(program: CargoProgram): Program | string {
  if ('missing' in program) return program.missing;
  return { command: program.path, args: (port) => ['--addr', `127.0.0.1:${port}`, '--log-level', 'error'] };
}

function ask(operation: string, input: object): Question {
  return {
    method: 'POST',
    path: '/',
    headers: requestHeaders(operation),
    body: JSON.stringify(input),
  };
}

type Names = Readonly<Record<Peer, string>>;
type Programs = Readonly<Record<Peer, Program | string>>;

/** A contender of a peer that may be missing. */
function peer(program: Program | string, run: (program: Program) => Promise<Sample>): Contender {
  return typeof program === 'string' ? { missing: program, run: async () => ({}) } : { run: () => run(program) };
}

async function startRows({ workDirectory, progress }: BenchContext, peers: Programs, names: Names): Promise<Row[]> {
  const start = async (program: Program) => {
    const options = { ...program, ...ask('ListTrainingJobs', {}), workingDirectory: workDirectory };
    const server = await openServer(options);
    try {
      return { milliseconds: server.milliseconds, processorMs: server.processorMs() };
    } finally {
      await server.stop();
    }
  };
  const folder = join(workDirectory, 'algorithms'); // a workspace without algorithms
  mkdirSync(folder);
  const ours = ourProgram(join(workDirectory, 'started'));
  await start(ours); // makes the data folder, once in its life
  const { ours: samples, peers: outcomes } = await alternate({
    ours: { run: () => start(ours) },
    peers: { moto: peer(peers.moto, start), fakecloud: peer(peers.fakecloud, start) },
    rounds: ROUNDS,
    progress: (line) => progress(`start, ${line}`),
  });
  const compare = (name: Peer, atMost: number) => {
    const common = { unit: 'ms', ours: samples, peer: { name: names[name], outcome: outcomes[name] } };
    return [
      row({ ...common, measure: 'start to first answer', key: 'milliseconds', goal: { value: 'ratio', atMost } }),
      row({ ...common, measure: 'time of processors for it', key: 'processorMs' }),
    ];
  };
  return [...compare('moto', 0.2), ...compare('fakecloud', 1)];
}

async function loadRows({ workDirectory, progress }: BenchContext, peers: Programs, names: Names): Promise<Row[]> {
  const { fill, create } = bundlePrograms(import.meta.dirname, ['fill', 'create'], workDirectory);
  const dataFolder = join(workDirectory, 'filled');
  await runNode({ args: [fill, dataFolder, String(JOBS)] });
  const running: RunningServer[] = [];
  const open = async (program: Program) => {
    const options = { ...program, ...ask('ListTrainingJobs', {}), workingDirectory: workDirectory };
    const server = await openServer(options);
    running.push(server);
    return server;
  };
  /** Opens and fills a peer, or says why it cannot be. */
  const openPeer = async (program: Program | string): Promise<Contender> => {
    if (typeof program === 'string') return { missing: program, run: async () => ({}) };
    try {
      const server = await open(program);
      await runNode({ args: [create, `http://127.0.0.1:${server.port}`, String(JOBS)] });
      return { run: () => sample(server) };
    } catch (error) {
      return { missing: (error as Error).message, run: async () => ({}) };
    }
  };
  try {
    const ours = await open(ourProgram(dataFolder));
    progress(`create ${JOBS} jobs in the peers`);
    const contenders = { moto: await openPeer(peers.moto), fakecloud: await openPeer(peers.fakecloud) };
    const result = await alternate({
      ours: { run: () => sample(ours) },
      peers: contenders,
      rounds: ROUNDS,
      progress: (line) => progress(`load, ${line}`),
    });
    return (['moto', 'fakecloud'] as const).flatMap((name) =>
      compareLoad(result.ours, names[name], result.peers[name]),
    );
  } finally {
    await Promise.all(running.map((server) => server.stop()));
  }
}

function compareLoad(ours: readonly Sample[], name: string, outcome: Outcome): Row[] {
  const common = { ours, peer: { name, outcome } };
  const atLeast = { value: 'ratio', atLeast: 1 } as const;
  return [
    row({ ...common, measure: 'DescribeTrainingJob', unit: '/s', key: 'describe', goal: atLeast }),
    row({ ...common, measure: 'ListTrainingJobs, 10 a page', unit: '/s', key: 'list', goal: atLeast }),
    row({ ...common, measure: 'ListTrainingJobs, 100 a page', unit: '/s', key: 'longList', goal: atLeast }),
    row({
      ...{ ...common, measure: 'memory after it', unit: 'MB', key: 'residentMB', statistic: 'max' },
      goal: { value: 'ratio', atMost: 1 },
    }),
  ];
}

async function sample(server: RunningServer): Promise<Sample> {
  const load = (questions: readonly Question[]) =>
    requestsPerSecond({ port: server.port, questions, connections: CONNECTIONS, seconds: SECONDS });
  // Jobs from all over the table, so that no answer is only the last one again.
  const names = Array.from({ length: 1000 }, (_, i) => trainingJobName((i * 7919) % JOBS));
  const describe = await load(names.map((TrainingJobName) => ask('DescribeTrainingJob', { TrainingJobName })));
  const list = await load([ask('ListTrainingJobs', { MaxResults: 10 })]);
  const longList = await load([ask('ListTrainingJobs', { MaxResults: 100 })]);
  return { describe, list, longList, residentMB: server.residentMB() };
}
