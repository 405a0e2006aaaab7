/**
 * The program of an algorithm: `train`, `serve` or `describe`, as SageMaker starts it with one argument. The one file
 * that ends the process. It behaves as process 1 of a container: signals are handled, nothing is left to defaults.
 */
import type { Algorithm } from './algorithm.js';
import { baseDirectory, layout, readEnvironment } from './environment.js';
import { asContractError, type ContractError } from './errors.js';
import { consoleLog } from './log.js';
import { createStopSignal } from './stop.js';

/** How long a stopped training may take to come back: SageMaker kills after 120 s, and packing needs some of them. */
const STOP_GRACE_MS = 90_000;

/** Exit codes: done; the job failed; the program was called wrongly. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** The whole of an algorithm's `main.ts`. Never returns: the process ends with the command's exit code. */
export async function run(algorithm: Algorithm, args: readonly string[] = process.argv.slice(2)): Promise<never> {
  const [command, ...rest] = args;
  if (rest.length === 0 && command === 'train') process.exit(await runTrain(algorithm));
  if (rest.length === 0 && command === 'serve') process.exit(await runServe(algorithm));
  if (rest.length === 0 && command === 'describe') process.exit(await runDescribe(algorithm));
  const isHelp = command === '--help' || command === 'help';
  const usage = `usage: ${algorithm.name} train | serve | describe`;
  if (isHelp) consoleLog.info(usage);
  else consoleLog.error(`${usage}; received "${args.join(' ')}"`);
  process.exit(isHelp ? EXIT.done : EXIT.usage);
}

// --- internal ---

async function runTrain(algorithm: Algorithm): Promise<number> {
  const { train, fail, hasSavedModel, stoppedWithoutModel } = await import('./train.js');
  const base = baseDirectory();
  const paths = layout(base);
  const { stop, request } = createStopSignal();
  const end = (error: ContractError) => process.exit(fail(error, paths, consoleLog));
  const onSignal = () => {
    if (stop.requested) return;
    consoleLog.info('SIGTERM received; stopping at the next safe point');
    request();
    setTimeout(() => {
      if (hasSavedModel(base)) process.exit(EXIT.done);
      end(stoppedWithoutModel());
    }, STOP_GRACE_MS).unref();
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  process.on('uncaughtException', (error) => end(asContractError(error)));
  const exitCode = await train(algorithm, { log: consoleLog, stop, base });
  await stop.check(); // one turn of the event loop, in which a promise that nobody waits for can still fail the job
  return exitCode;
}

async function runServe(algorithm: Algorithm): Promise<number> {
  const { serve } = await import('./serve.js');
  try {
    return await serve({ algorithm, environment: readEnvironment(), log: consoleLog });
  } catch (error) {
    const cause = asContractError(error);
    consoleLog.error(`${cause.name} ${cause.code}: ${cause.message}`);
    return EXIT.failed;
  }
}

async function runDescribe(algorithm: Algorithm): Promise<number> {
  const { describeAlgorithm } = await import('./specification.js');
  try {
    consoleLog.info(JSON.stringify(describeAlgorithm(algorithm), null, 2));
    return EXIT.done;
  } catch (error) {
    consoleLog.error(asContractError(error).message);
    return EXIT.failed;
  }
}
