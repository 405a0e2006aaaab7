/**
 * The program of an algorithm: `train`, `serve` or `describe`, as SageMaker starts it with one argument. The
 * program behaves as process 1 of a container: signals are handled, nothing is left to defaults.
 */
import type { Algorithm } from './algorithm.js';
import { asContractError } from './errors.js';
import { consoleLog, jsonLog } from './log.js';
import { isForFrontFirst } from './serve/front-first.js';
import { keepYoungGenerationSmall } from './serve/young-generation.js';
import { readServingEnvironment } from './serving-environment.js';
import { threadState } from './training/state.js';

/** Exit codes: done; the job failed; the program was called wrongly. */
const EXIT = { done: 0, failed: 1, usage: 2 } as const;

/** The whole of an algorithm's `main.ts`. Never returns: the process ends with the command's exit code. */
export async function run(algorithm: Algorithm, args: readonly string[] = process.argv.slice(2)): Promise<never> {
  const [command, ...rest] = args;
  if (rest.length === 0 && command === 'train') return runTrain(algorithm);
  if (rest.length === 0 && command === 'serve') process.exit(await runServe(algorithm));
  if (rest.length === 0 && command === 'describe') process.exit(await runDescribe(algorithm));
  const isHelp = command === '--help' || command === 'help';
  const usage = `usage: ${algorithm.name} ${algorithm.train ? 'train | ' : ''}serve | describe`;
  if (isHelp) consoleLog.info(usage);
  else consoleLog.error(args.length === 0 ? usage : `${usage}; received "${args.join(' ')}"`);
  process.exit(isHelp ? EXIT.done : EXIT.usage);
}

// --- internal ---

/** In the thread that trains; the main thread of a program without entry (packages/build) starts one. */
async function runTrain(algorithm: Algorithm): Promise<never> {
  const state = threadState();
  if (!state) {
    const { runTraining } = await import('./training/program.js');
    return runTraining(process.argv[1]!);
  }
  const { runTrainingThread } = await import('./training/thread.js');
  return runTrainingThread(algorithm, state);
}

async function runServe(algorithm: Algorithm): Promise<number> {
  try {
    const environment = readServingEnvironment();
    // Before the rest is loaded, whose objects would let it grow; a worker, which has a channel, may need it large.
    const isOfOneModel = !process.channel && !environment.serving.isMultiModel;
    if (isOfOneModel && isForFrontFirst(algorithm, environment)) keepYoungGenerationSmall();
    const { serve } = await import('./serve/serve.js');
    const log = environment.serving.logFormat === 'json' ? jsonLog(consoleLog) : consoleLog;
    return await serve({ algorithm, environment, log });
  } catch (error) {
    const cause = asContractError(error);
    consoleLog.error(`${cause.name} ${cause.code}: ${cause.message}`);
    return EXIT.failed;
  }
}

async function runDescribe(algorithm: Algorithm): Promise<number> {
  const { describeAlgorithm } = await import('./specification/describe.js');
  try {
    await algorithm.loadHyperparameters();
    for (const line of JSON.stringify(describeAlgorithm(algorithm), null, 2).split('\n')) consoleLog.info(line);
    return EXIT.done;
  } catch (error) {
    consoleLog.error(asContractError(error).message);
    return EXIT.failed;
  }
}
