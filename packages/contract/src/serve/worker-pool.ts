/**
 * Worker processes and the requests they are at. The main process keeps the sockets and sends each request to the ready
 * worker with the fewest open ones: its own event loop stays free, so /ping is answered within its 2 s whatever the
 * workers are at, and no worker is idle while another has a queue. A worker that dies is started again, later each time.
 */
import cluster, { type Worker } from 'node:cluster';
import { AlgorithmError } from '../errors.js';
import type { Log } from '../log.js';
import { type Answer, errorAnswer, type InvocationRequest, type Invoke } from './message.js';
import type { WorkerReport, WorkerTask } from './worker-message.js';

export interface WorkerPool {
  readonly readyCount: number;
  /** Only while `readyCount` is above 0. */
  readonly invoke: Invoke;
  /** Ends all workers and waits for them; those that do not end by themselves are killed after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/** Starting a process holds this one up for some milliseconds, which the first ping should not pay for. */
const FIRST_START_MS = 100;
const FIRST_RESTART_MS = 250;
const LONGEST_RESTART_MS = 30_000;
/** A worker that has answered for so long did not die of its model. */
const STEADY_MS = 60_000;

/** One process and the requests sent to it that have no answer yet. */
interface Member {
  readonly worker: Worker;
  readonly open: Map<number, (answer: Answer) => void>;
  readySince: number | undefined;
}

/** Starts `count` processes of this same program; how many of them may answer shows in `readyCount`. */
export function startWorkers(count: number, log: Log): WorkerPool {
  const members = new Set<Member>();
  let nextId = 0;
  let failures = 0;
  let isStopping = false;

  cluster.setupPrimary({ exec: process.argv[1], args: process.argv.slice(2), serialization: 'advanced' });
  for (let i = 0; i < count; i++) startLater(FIRST_START_MS);

  function startLater(delayMs: number): void {
    setTimeout(() => isStopping || start(), delayMs).unref();
  }

  function start(): void {
    const member: Member = { worker: cluster.fork(), open: new Map(), readySince: undefined };
    members.add(member);
    let hasEnded = false;
    const onEnd = (reason: string) => {
      if (hasEnded) return;
      hasEnded = true;
      end(member, reason);
    };
    member.worker
      .on('message', (report: WorkerReport) => receive(member, report))
      .on('error', (error) => onEnd(error.message))
      .on('exit', (code, signal) => onEnd(signal ? `signal ${signal}` : `exit code ${code}`));
  }

  function receive(member: Member, report: WorkerReport): void {
    if (report.kind === 'answer') settle(member, report.id, report.answer);
    else member.readySince = performance.now();
  }

  function end(member: Member, reason: string): void {
    members.delete(member);
    for (const id of [...member.open.keys()]) settle(member, id, lostAnswer());
    if (isStopping) return;
    const wasSteady = member.readySince !== undefined && performance.now() - member.readySince > STEADY_MS;
    failures = wasSteady ? 1 : failures + 1;
    const delayMs = Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (failures - 1));
    log.error(`worker ${member.worker.process.pid} ended (${reason}); another starts in ${delayMs / 1000} s`);
    startLater(delayMs);
  }

  function readyMembers(): Member[] {
    return [...members].filter((member) => member.readySince !== undefined && member.worker.isConnected());
  }

  return {
    get readyCount() {
      return readyMembers().length;
    },
    invoke(request: InvocationRequest) {
      const member = readyMembers().reduce((least, other) => (other.open.size < least.open.size ? other : least));
      members.delete(member);
      members.add(member); // the last to be chosen again among equals
      const task: WorkerTask = { id: nextId++, request };
      return new Promise<Answer>((resolve) => {
        member.open.set(task.id, resolve);
        member.worker.send(task, (error) => error && settle(member, task.id, lostAnswer()));
      });
    },
    async stop(graceMs) {
      isStopping = true;
      const ended = [...members].map(
        ({ worker }) => new Promise<void>((resolve) => worker.once('exit', () => resolve())),
      );
      const timer = setTimeout(() => {
        for (const { worker } of members) worker.process.kill('SIGKILL');
      }, graceMs);
      for (const { worker } of members) worker.disconnect();
      await Promise.all(ended);
      clearTimeout(timer);
    },
  };
}

// --- internal ---

function settle(member: Member, id: number, answer: Answer): void {
  member.open.get(id)?.(answer);
  member.open.delete(id);
}

/** Running out of memory or a crash in native code ends a worker; to its caller that is an error of the algorithm. */
function lostAnswer(): Answer {
  return errorAnswer(new AlgorithmError('E_ALGORITHM', 'The worker process ended during this request.'));
}
