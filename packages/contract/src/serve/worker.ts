/**
 * A worker process: loads its own copy of the model, then answers the tasks that the main process sends. It listens on
 * no port and ends with the channel to the main process, so none outlives it.
 */
import type { Algorithm } from '../algorithm.js';
import type { Environment } from '../environment.js';
import { asContractError } from '../errors.js';
import type { Log } from '../log.js';
import { loadInvocation } from './model-loading.js';
import type { WorkerReport, WorkerTask } from './worker-message.js';

/** @returns the exit code: 0 when the main process is done with this one, 1 when the model cannot be used */
export async function answerTasks(algorithm: Algorithm, environment: Environment, log: Log): Promise<number> {
  const disconnected = new Promise<number>((resolve) => process.once('disconnect', () => resolve(0)));
  // A signal to the whole group must not end a worker under its request; the main process decides when.
  process.on('SIGTERM', ignore).on('SIGINT', ignore);
  try {
    const { invoke } = await loadInvocation(algorithm, environment, log);
    process.on('message', async ({ id, request }: WorkerTask) => {
      report({ kind: 'answer', id, answer: await invoke(request) });
    });
    report({ kind: 'ready' });
  } catch (error) {
    log.error(`worker ${process.pid}: ${asContractError(error).message}`);
    return 1;
  }
  return disconnected;
}

// --- internal ---

/** The main process may be gone by now; then the channel's end stops this process too. */
function report(message: WorkerReport): void {
  process.send?.(message, undefined, undefined, ignore);
}

function ignore(): void {}
