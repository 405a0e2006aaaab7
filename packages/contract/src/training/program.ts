/**
 * `train` as process 1: the main thread starts the thread that trains and stays free. It owns the signals, the time
 * that a stop may take, the failure file of a thread that can't write one any more, and the exit code; so a stop is
 * seen and the job ends in time, whatever the algorithm is doing.
 */
import { getHeapStatistics } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { createMembership, type FromThread, type Membership } from '../cluster/membership.js';
import { failureMessage } from '../cluster/wire/message.js';
import { AlgorithmError, asContractError, ClientError, type ContractError } from '../errors.js';
import { consoleLog, unblockedLog } from '../log.js';
import { finishInterruptedSave } from '../model/directory.js';
import { baseDirectory, layout } from '../paths.js';
import { fail, stoppedWithoutModel } from './job-failure.js';
import { OUTCOME, STATE_KEY, type ThreadState } from './state.js';
import { createStopWord, type StopName, setStop } from './stop.js';

/**
 * What the thread's young objects may take. A thread that is out of memory gets 16 MB more to end in; young objects that
 * are kept are moved there, and more of them than that would abort the whole process without a failure file.
 */
const YOUNG_GENERATION_MB = 32;

/** How long a stopped training may take to come back: SageMaker kills after 120 s, and packing needs some of them. */
const STOP_GRACE_MS = 90_000;

/** How long a thread that must end may continue with something that cannot be interrupted: a system call, an addon. */
const END_GRACE_MS = 2_000;

/** Exit code of a thread whose event loop is empty while its program still waits. */
const UNSETTLED = 13;

/**
 * Runs `program`, which calls `run` of main.ts, in a thread, where it trains. The process ends with the training.
 * @param stopGraceMs tests of what happens after it set their own
 */
export function runTraining(program: string | URL, stopGraceMs = STOP_GRACE_MS): Promise<never> {
  const paths = layout(baseDirectory());
  const state: ThreadState = {
    stop: createStopWord(),
    endable: createStopWord(),
    saved: createStopWord(),
    outcome: createStopWord(),
  };
  const thread = new Worker(program, {
    argv: ['train'],
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    workerData: { [STATE_KEY]: state },
    // A FIFO is opened as a descriptor and closed by its socket, which the list of a thread's open descriptors never
    // learns: it warns at the next file with that number, and would close it when the thread ends.
    trackUnmanagedFds: false,
  });
  const log = unblockedLog();
  let problem: unknown;
  let stopName: StopName | undefined;
  let isOver = false;

  const onStop = (name: StopName, sender?: string) => {
    if (stopName !== undefined) return;
    stopName = name;
    if (!sender) hosts.stop(name); // first: the thread may reach other hosts' threads by MPI before
    if (isOver) return;
    setStop(state.stop, name);
    log.info(`${name} received${sender ? ` by ${sender}` : ''}; stopping at the next safe point`);
    thread.postMessage(name);
    if (Atomics.load(state.endable, 0) === 1) void endJob('it was stopped during interruptible work');
    else setTimeout(endJob, stopGraceMs, `it did not return within ${Math.round(stopGraceMs / 1000)} s`).unref();
  };
  const endJob = (reason: string) => {
    const failure = stoppedWithoutModel(stopName);
    return halt(failure, `${stopName}: ${reason}`, failure.message);
  };
  /** Another host was stopped where this one may wait for it for ever. */
  const onHalt = (failure: ContractError) => void halt(failure, failure.message);
  /** Ends the thread where it is; the job ends well if there is a model. @param text for hosts that do not know it yet */
  const halt = async (failure: ContractError, reason: string, text?: string) => {
    if (isOver) return;
    isOver = true;
    const hasEnded = await endThread(thread);
    let exitCode = exitCodeOf(state);
    if (exitCode === undefined) {
      const leaderEnd = hosts.halt(text);
      if (hasModel() || (await leaderEnd)) {
        log.info(`${reason}; the best model so far is saved`);
        exitCode = 0;
      }
    }
    await end(exitCode ?? failure, hasEnded);
  };
  const hasModel = () => finishInterruptedSave(paths.model) || Atomics.load(state.saved, 0) === 1;
  /** Another host was lost, or has failed: the thread may wait for it for ever. */
  const onFailure = async (error: ContractError) => {
    if (error.code === 'E_STOPPED') return onHalt(error);
    if (isOver) return;
    isOver = true;
    const hasEnded = await endThread(thread);
    await end(exitCodeOf(state) ?? error, hasEnded);
  };
  const end = async (outcome: 0 | 1 | ContractError, hasEnded: boolean) => {
    const isFailure = typeof outcome === 'object';
    const exitCode = isFailure ? fail(outcome, paths, log) : outcome;
    await hosts.leave(isFailure ? failureMessage(outcome) : undefined);
    const isPrinted = await within(END_GRACE_MS, log.written());
    exitProcess(exitCode, hasEnded && isPrinted && !hosts.mayHaveMpi, hosts);
  };
  const hosts = createMembership({ onConnected: () => log.info('all hosts are connected'), onStop, onHalt, onFailure });

  return new Promise((_resolve) => {
    process.on('SIGTERM', (name: StopName) => onStop(name)).on('SIGINT', (name: StopName) => onStop(name));
    process.on('uncaughtException', (error) => {
      if ('code' in error && error.code === 'EPIPE') return; // nobody reads what a library printed
      exitProcess(fail(asContractError(error), paths, consoleLog), !hosts.mayHaveMpi, hosts);
    });
    thread.on('message', (message: FromThread) => hosts.take(message));
    thread.on('error', (error) => {
      problem = error;
    });
    thread.on('exit', (threadCode) => {
      if (isOver) return;
      isOver = true;
      const exitCode = exitCodeOf(state);
      if (!hosts.isJoined) process.exit(exitCode ?? fail(endedEarly(problem, threadCode), paths, consoleLog));
      void end(exitCode ?? endedEarly(problem, threadCode), true);
    });
  });
}

// --- internal ---

/** The exit code of a job that has ended by itself. */
function exitCodeOf(state: ThreadState): 0 | 1 | undefined {
  const outcome = Atomics.load(state.outcome, 0);
  return outcome === OUTCOME.none ? undefined : outcome === OUTCOME.done ? 0 : 1;
}

/** Why a thread ended that said nothing. */
function endedEarly(problem: unknown, exitCode: number): ContractError {
  if (isOutOfMemory(problem)) {
    const limit = Math.round(getHeapStatistics().heap_size_limit / 1e6);
    return new ClientError(
      'E_MEMORY',
      `The training needs more memory than the ${limit} MB that JavaScript objects may take on this instance. Use less data, or an instance with more memory.`,
    );
  }
  if (problem !== undefined) return asContractError(problem);
  const cause =
    exitCode === UNSETTLED ? 'train awaits a promise that can never settle' : `it called process.exit(${exitCode})`;
  return new AlgorithmError('E_ALGORITHM', `The algorithm ended without returning from train: ${cause}.`);
}

function isOutOfMemory(problem: unknown): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** Whether the thread has ended; it continues if it is in the middle of a system call or an addon. */
function endThread(thread: Worker): Promise<boolean> {
  return within(END_GRACE_MS, thread.terminate());
}

/** Whether `work` is done after at most `limitMs`. */
async function within(limitMs: number, work: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, limitMs, false);
  work.then(
    () => resolve(true),
    () => resolve(true),
  );
  const isDone = await promise;
  clearTimeout(timer);
  return isDone;
}

/**
 * Ends the process. `process.exit` waits for every thread, and with MPI it would wait for ever, since threads that exit are
 * kept from it (cluster/mpi/exits.ts). So a process with MPI ends by a call of the system. Another one with a thread that
 * cannot be ended becomes another program, which the system does whatever its threads are at, and that one exits.
 * @param isQuiet no thread is left, nor MPI, and all is printed
 */
function exitProcess(exitCode: 0 | 1, isQuiet: boolean, { exitNow }: Pick<Membership, 'exitNow'>): never {
  if (!isQuiet) exitNow?.(exitCode);
  if (!isQuiet) process.execve?.(process.execPath, [process.execPath, '-e', `process.exit(${exitCode})`], {});
  process.exit(exitCode);
}
