/** From process start to the first 200 of /ping, with a model. */
import { availableParallelism } from 'node:os';
import { alternate, type Contender, type Row, row } from '@algo/bench';
import {
  bareServer,
  type Missing,
  nameOf,
  ourServer,
  type Peers,
  pythonServer,
  type Startable,
  start,
} from './contenders.ts';
import type { Models } from './models.ts';

const ROUNDS = 11;

export async function startRows({ linear, trees }: Models, peers: Peers): Promise<readonly Row[]> {
  const { context } = peers;
  const contender = (startable: Startable | Missing): Contender =>
    'missing' in startable
      ? { ...startable, run: () => Promise.reject(new Error(startable.missing)) }
      : {
          run: async () => {
            const server = await start(startable, context);
            await server.stop();
            return { milliseconds: server.milliseconds };
          },
        };
  const result = await alternate({
    ours: contender(ourServer(trees)),
    peers: {
      linear: contender(ourServer(linear)),
      bare: contender(bareServer(1, 'x')),
      // As many workers as processors, as the example's own program starts them.
      flask: contender(pythonServer('flask', linear, availableParallelism(), peers)),
    },
    rounds: ROUNDS,
    progress: (line) => context.progress(`start: ${line}`),
  });
  const { bare, flask, linear: ofLinear } = result.peers;
  if ('missing' in ofLinear) throw new Error(ofLinear.missing);
  const times = { unit: 'ms', key: 'milliseconds' };
  return [
    row({
      ...times,
      measure: 'trees, process start to the first 200 of /ping',
      ours: result.ours,
      peer: { name: nameOf('bare', trees, peers), outcome: bare },
      goal: { value: 'ratio', atMost: 2.5 },
      stretch: { value: 'ratio', atMost: 1.7 },
    }),
    row({
      ...times,
      measure: 'linear, the same',
      ours: ofLinear.samples,
      peer: { name: nameOf('flask', linear, peers), outcome: flask },
      goal: { value: 'ours', atMost: 200 },
    }),
  ];
}
