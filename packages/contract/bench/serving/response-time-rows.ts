/** How long answers take at half of our highest rate, the same for a bare server. */
import {
  alternate,
  constantRate,
  pinServerAndClient,
  type Row,
  type RunningServer,
  row,
  type Sample,
} from '@algo/bench';
import { bareServer, nameOf, ourServer, type Peers, questionOf, type Startable, start } from './contenders.ts';
import { CONNECTIONS } from './load-rows.ts';
import type { ServedModel } from './models.ts';

const ROUNDS = 5;
const SECONDS = 3;
const WARM_UP_SECONDS = 1;

/** @param requestsPerSecond of one process */
export async function responseTimeRows(
  model: ServedModel,
  requestsPerSecond: number,
  peers: Peers,
): Promise<readonly Row[]> {
  const { context } = peers;
  const pinning = pinServerAndClient(1);
  const open: RunningServer[] = [];
  /** Starts a server, warms it up, and gives a run of it. */
  const contender = async (startable: Startable) => {
    const server = await start(startable, context, pinning.server);
    open.push(server);
    const question = await questionOf(server.port, model.rows[0]!);
    const run = async (seconds: number): Promise<Sample> => {
      const load = { port: server.port, question, connections: CONNECTIONS, requestsPerSecond, seconds };
      return { ...(await constantRate(load, pinning.client)) };
    };
    await run(WARM_UP_SECONDS);
    return { answer: question.answer, run: () => run(SECONDS) };
  };
  try {
    const ours = await contender(ourServer(model, 1));
    const bare = await contender(bareServer(1, ours.answer));
    const title = `${model.name}, ${Math.round(requestsPerSecond)} requests/s`;
    const result = await alternate({
      ours,
      peers: { bare },
      rounds: ROUNDS,
      progress: (line) => context.progress(`${title}: ${line}`),
    });
    const peer = { name: nameOf('bare', model, peers), outcome: result.peers.bare };
    const times = { unit: 'ms', ours: result.ours, peer };
    return [
      row({
        ...times,
        measure: `${title}: p99`,
        key: 'p99Ms',
        goal: { value: 'ratio', atMost: 2 },
        stretch: { value: 'ratio', atMost: 1.3 },
      }),
      row({ ...times, measure: '… p50', key: 'p50Ms' }),
    ];
  } finally {
    await Promise.all(open.map((server) => server.stop()));
  }
}
