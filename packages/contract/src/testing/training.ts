/** A training job in this process, on a temporary tree: what the program does, without starting one. */
import type { Algorithm } from '../algorithm.js';
import { memoryLog } from '../log.js';
import { createStopSignal, type StopSignal } from '../training/stop.js';
import { train } from '../training/train.js';
import { type ContainerContents, type ContainerRoot, makeContainerRoot } from './container-root.js';
import { feedPipe } from './pipe-feed.js';
import { readTree } from './read-tree.js';

export interface TrainingResult {
  readonly root: ContainerRoot;
  readonly exitCode: 0 | 1;
  /** Everything the job logged. */
  readonly lines: readonly string[];
  readonly failure: string | undefined;
  /** Content by path below the model directory. */
  readonly model: ReadonlyMap<string, Buffer>;
}

/** Runs `algorithm` on a fresh tree with `contents`; the caller removes `root`. */
export async function runTraining(
  algorithm: Algorithm,
  contents: ContainerContents,
  stop: StopSignal = createStopSignal().stop,
): Promise<TrainingResult> {
  const root = makeContainerRoot(contents);
  const log = memoryLog();
  const exitCode = await train(algorithm, { log, stop, base: root.paths.base, variables: root.variables });
  return { root, exitCode, lines: log.lines, failure: root.readFailure(), model: readTree(root.paths.model) };
}

/** The same job with every channel in Pipe mode: one FIFO per epoch, as the platform feeds them. */
export async function runPipeTraining(algorithm: Algorithm, contents: ContainerContents): Promise<TrainingResult> {
  const channels = contents.channels ?? {};
  const overrides = Object.keys(channels).map((name) => {
    return [name, { ...contents.inputDataConfig?.[name], TrainingInputMode: 'Pipe' }] as const;
  });
  const root = makeContainerRoot({ ...contents, channels: {}, inputDataConfig: Object.fromEntries(overrides) });
  const feeders = Object.entries(channels).map(([name, files]) => feedPipe(root, name, files));
  const log = memoryLog();
  const { stop } = createStopSignal();
  try {
    const exitCode = await train(algorithm, { log, stop, base: root.paths.base, variables: root.variables });
    return { root, exitCode, lines: log.lines, failure: root.readFailure(), model: readTree(root.paths.model) };
  } finally {
    for (const feeder of feeders) feeder.stop();
  }
}
