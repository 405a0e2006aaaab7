/** SIGTERM: in training, and in a server with a request in flight. */
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerExit } from '@algo/local';
import type { Lab } from '../lab/lab.js';
import type { Rule } from '../rule.js';
import { Broken, hold, need, orBroken } from '../verdict.js';
import { PAGES } from './pages.js';

export const STOP_RULES: readonly Rule[] = [
  {
    id: 'stop.training',
    rule: 'Training ends within 120 s of SIGTERM.',
    source: 'API: StopTrainingJob',
    severity: 'must',
    async check(lab) {
      const { exit, stopSeconds } = await lab.stoppedJob();
      hold(!exit.wasKilled, `it still ran after ${lab.setup.limits.stopTrainingMs / 1000} s, and was killed`);
      return `exit code ${exit.exitCode} after ${stopSeconds.toFixed(1)} s`;
    },
  },
  {
    id: 'stop.training-model',
    rule: 'A job that is stopped while it trains leaves a model in /opt/ml/model.',
    source: 'API: StopTrainingJob',
    severity: 'should',
    async check(lab) {
      const { exit, modelFiles, isCertain } = await lab.stoppedJob();
      need(isCertain, 'nothing says that the job had begun to train; give a longJob with afterLine');
      need(!exit.wasKilled, 'the job was killed');
      hold(modelFiles.length > 0, '/opt/ml/model is empty');
      return modelFiles.slice(0, 3).join(', ');
    },
  },
  {
    id: 'stop.server',
    rule: 'The server ends within 30 s of SIGTERM.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const { exit, seconds } = await stopped(lab);
      hold(!exit.wasKilled, `it still ran after ${lab.setup.limits.stopServerMs / 1000} s, and was killed`);
      return `after ${seconds.toFixed(1)} s`;
    },
  },
  {
    id: 'stop.server-in-flight',
    rule: 'A request that the server reads when SIGTERM comes is answered.',
    source: PAGES.hosting,
    severity: 'must',
    async check(lab) {
      const { inFlight } = await stopped(lab);
      need(inFlight !== undefined, 'the profile has no requests');
      if (inFlight instanceof Broken) throw inFlight;
      hold(inFlight === 200, `status ${inFlight}`);
      return `status ${inFlight}`;
    },
  },
  {
    id: 'stop.server-exit-code',
    rule: 'A server that SIGTERM ends has the exit code 0.',
    source: PAGES.hosting,
    severity: 'should',
    async check(lab) {
      const { exit } = await stopped(lab);
      need(!exit.wasKilled, 'the server was killed');
      hold(exit.exitCode === 0, `exit code ${exit.exitCode}`);
      return 'exit code 0';
    },
  },
];

// --- internal ---

interface StoppedServer {
  readonly exit: ContainerExit;
  readonly seconds: number;
  /** Status of the answer to the request that was half read; undefined without one. */
  readonly inFlight: number | Broken | undefined;
}

/** How long the rest of the request is held back: what ends at SIGTERM without a look at its requests has ended by then. */
const SIGNAL_MS = 1500;

const runs = new WeakMap<Lab, Promise<StoppedServer>>();

/** One server for all three rules. */
function stopped(lab: Lab): Promise<StoppedServer> {
  const run = runs.get(lab) ?? stopServer(lab);
  runs.set(lab, run);
  return run;
}

async function stopServer(lab: Lab): Promise<StoppedServer> {
  await lab.server(); // not tried where no server gets ready
  const server = await lab.startServer();
  const [sample] = lab.profile.requests;
  let began = 0;
  let exited: Promise<ContainerExit> | undefined;
  const stop = () => {
    if (exited) return exited;
    began = performance.now();
    exited = server.container.stop(lab.setup.limits.stopServerMs);
    return exited;
  };
  const between = async () => {
    await server.ping().catch(() => undefined); // answered after the half has arrived
    await Promise.race([stop(), delay(SIGNAL_MS)]);
  };
  const inFlight =
    sample && (await orBroken(server.invoke(sample, { pieces: { count: 2, between } }).then(({ status }) => status)));
  const exit = await stop();
  return { exit, seconds: (performance.now() - began) / 1000, inFlight };
}
