/** Requests per second and processor time per request, of servers with equally many processes. */
import {
  alternate,
  type CheckedQuestion,
  type Contender,
  type Goal,
  median,
  type Pinning,
  pinServerAndClient,
  type Row,
  type RunningServer,
  row,
  type Sample,
  wrkLoad,
} from '@algo/bench';
import {
  axumServer,
  bareServer,
  checkSame,
  type Missing,
  nameOf,
  ourServer,
  type PeerName,
  type Peers,
  pythonServer,
  questionOf,
  type Startable,
  start,
} from './contenders.ts';
import type { ServedModel } from './models.ts';

/** One request at a time each. */
export const CONNECTIONS = 32;
/** Each with its own row, one for each thread of the client. */
const QUESTIONS = 2;
/** Many and short, so that a slow moment of the machine affects all. */
const ROUNDS = 9;
const SECONDS = 1;
const WARM_UP_SECONDS = 1;

export interface LoadResult {
  readonly rows: readonly Row[];
  /** Of ours. */
  readonly requestsPerSecond: number;
}

export async function loadRows(model: ServedModel, processes: number, peers: Peers): Promise<LoadResult> {
  const { progress } = peers.context;
  const pinning = pinServerAndClient(processes);
  const title = `${model.name}, ${processes === 1 ? '1 process' : `${processes} processes`}`;
  progress(`${title}: ${pinning.text}`);
  const open: RunningServer[] = [];
  try {
    const rows = model.rows.slice(0, QUESTIONS);
    const ours = await openLoad(ourServer(model, processes), rows, pinning, peers, open);
    const peer = (name: PeerName, server: Startable | Missing) =>
      contender(name, server, ours.questions, pinning, peers, open);
    const result = await alternate({
      ours: ours.contender,
      peers: {
        bare: await peer('bare', bareServer(processes, ours.questions[0]!.answer)),
        flask: await peer('flask', pythonServer('flask', model, processes, peers)),
        fastapi: await peer('fastapi', pythonServer('fastapi', model, processes, peers)),
        axum: await peer('axum', axumServer(model, processes, peers)),
      },
      rounds: ROUNDS,
      progress: (line) => progress(`${title}: ${line}`),
    });
    const compare = (name: PeerName, goals: { goal?: Goal; stretch?: Goal }) =>
      row({
        measure: `${title} (${pinning.server === undefined ? 'CPUs shared' : 'CPUs apart'})`,
        unit: 'requests/s',
        key: 'requestsPerSecond',
        ours: result.ours,
        peer: { name: nameOf(name, model, peers), outcome: result.peers[name] },
        ...goals,
      });
    return {
      rows: [
        compare('bare', { goal: atLeast(0.7), stretch: atLeast(0.85) }),
        row({
          measure: '… server CPU per request',
          unit: 'µs',
          key: 'processorMicroseconds',
          ours: result.ours,
          peer: { name: nameOf('bare', model, peers), outcome: result.peers.bare },
          goal: { value: 'ratio', atMost: 1.6 },
          stretch: { value: 'ratio', atMost: 1.3 },
        }),
        compare('flask', { goal: atLeast(25), stretch: atLeast(35) }),
        compare('fastapi', { goal: atLeast(5), stretch: atLeast(6.5) }),
        ...(model.weights ? [compare('axum', {})] : []),
      ],
      requestsPerSecond: median(result.ours.map((sample) => sample.requestsPerSecond!)),
    };
  } finally {
    await Promise.all(open.map((server) => server.stop()));
  }
}

// --- internal ---

function atLeast(ratio: number): Goal {
  return { value: 'ratio', atLeast: ratio };
}

interface Load {
  readonly contender: Contender;
  readonly questions: readonly CheckedQuestion[];
}

/** Starts the server, warms it up and gives the load on it. @param open gets the server, which is to be stopped */
async function openLoad(
  startable: Startable,
  rows: readonly string[],
  pinning: Pinning,
  peers: Peers,
  open: RunningServer[],
): Promise<Load> {
  const server = await start(startable, peers.context, pinning.server);
  open.push(server);
  const questions = await Promise.all(rows.map((text) => questionOf(server.port, text)));
  const load = (seconds: number) =>
    wrkLoad({ port: server.port, questions, connections: CONNECTIONS, seconds, cpus: pinning.client });
  await load(WARM_UP_SECONDS);
  const run = async (): Promise<Sample> => {
    const before = processorMs(server);
    const { requests, seconds } = await load(SECONDS);
    const processorMicroseconds = ((processorMs(server) - before) * 1000) / requests;
    return { requestsPerSecond: requests / seconds, processorMicroseconds };
  };
  return { contender: { run }, questions };
}

/** Of all its processes. */
function processorMs(server: RunningServer): number {
  return server.usage().reduce((sum, usage) => sum + usage.processorMs, 0);
}

/** A peer whose predictions are ours, unless it is the one that predicts nothing. */
async function contender(
  name: PeerName,
  server: Startable | Missing,
  ours: readonly CheckedQuestion[],
  pinning: Pinning,
  peers: Peers,
  open: RunningServer[],
): Promise<Contender> {
  if ('missing' in server) return { ...server, run: () => Promise.reject(new Error(server.missing)) };
  try {
    const rows = ours.map(({ body = '' }) => body);
    const load = await openLoad(server, rows, pinning, peers, open);
    if (name !== 'bare') for (const [i, question] of ours.entries()) checkSame(question, load.questions[i]!, name);
    return load.contender;
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error), run: () => Promise.reject(error) };
  }
}
