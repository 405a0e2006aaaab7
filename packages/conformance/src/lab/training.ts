/** One training job of the container under test: laid out as the platform does, run to its end, and what it left and changed. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type ChannelInput,
  type Container,
  type ContainerExit,
  createOptMl,
  type InputMode,
  isImageProgram,
  locateChannels,
  messageOf,
  type OptMl,
  type PipeChannel,
  packFolder,
  provideChannels,
  startContainer,
  writeTrainingConfig,
} from '@algo/local';
import { excerpt, NotTried } from '../verdict.js';
import { type FileDigest, pathsBelow, readPlainFile, snapshot } from './files.js';
import type { Setup } from './setup.js';

export interface TrainingVariant {
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, ChannelInput>>;
  readonly inputMode?: InputMode | undefined;
  /** Whether what it writes is looked at, for which all files are read twice. */
  readonly isWatched?: boolean;
  /** Changes the tree before the container starts. */
  readonly edit?: ((tree: OptMl) => void) | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
  /** It is killed then. */
  readonly limitMs?: number | undefined;
  /** Gets the container when it runs. */
  readonly onStart?: ((container: Container) => void) | undefined;
}

export interface TrainingRun {
  /** It did not end within its limit. */
  readonly isLate: boolean;
  readonly exit: ContainerExit;
  readonly lines: readonly string[];
  /** /opt/ml/output/failure; undefined where there is none. */
  readonly failure: Buffer | undefined;
  readonly tree: OptMl;
  /** What was left in /opt/ml/model. */
  readonly modelFiles: readonly string[];
  /** Of a job that is watched: its files before and after. */
  readonly before: readonly FileDigest[];
  readonly after: readonly FileDigest[];
  /** Names in the working directory of a process, which was empty. */
  readonly strays: readonly string[];
}

/** A thousand times what the platform shows of it. */
const FAILURE_BYTES = 1024 * 1024;

/** @throws JobError when the container cannot be started */
export async function runTraining(setup: Setup, variant: TrainingVariant): Promise<TrainingRun> {
  const { channels, hyperparameters, inputMode = 'File', isWatched = false } = variant;
  const workDirectory = mkdtempSync(join(setup.folder, 'training-'));
  const request = { channels, inputMode, hyperparameters, workDirectory, outputDirectory: workDirectory };
  const tree = await createOptMl(workDirectory);
  const directory = join(workDirectory, 'cwd');
  mkdirSync(directory);
  writeTrainingConfig(tree, request);
  const pipes: PipeChannel[] = [];
  const lines: string[] = [];
  try {
    await provideChannels(tree, locateChannels(request), { index: 0, groups: ['homogeneousCluster'] }, pipes);
    variant.edit?.(tree);
    const before = isWatched ? await snapshot(tree.base) : [];
    const container = await startContainer({
      ...{ program: setup.program, command: 'train', tree, directory },
      environment: trainingVariables(setup),
      logFile: join(workDirectory, 'log.txt'),
      onLine: (line) => {
        lines.push(startOf(line));
        variant.onLine?.(line);
      },
    });
    variant.onStart?.(container);
    const stop = () => void container.stop(0);
    setup.stop?.addEventListener('abort', stop, { once: true });
    let isLate = false;
    const timer =
      variant.limitMs === undefined
        ? undefined
        : setTimeout(() => {
            isLate = true;
            stop();
          }, variant.limitMs);
    const exit = await container.exited;
    clearTimeout(timer);
    setup.stop?.removeEventListener('abort', stop);
    setup.stop?.throwIfAborted();
    const after = isWatched ? await snapshot(tree.base) : [];
    const modelFiles = await pathsBelow(tree.model);
    const failure = readPlainFile(tree.failure, FAILURE_BYTES);
    const strays = readdirSync(directory).filter((name) => name !== 'oom'); // podman's monitor leaves "oom"
    return { isLate, exit, lines, failure, tree, modelFiles, before, after, strays };
  } finally {
    await Promise.all(pipes.map((pipe) => pipe.close()));
  }
}

/**
 * Packs the model of a job as the platform does: links stay, and none leads out of /opt/ml.
 * @returns model.tar.gz
 * @throws NotTried when it cannot be packed
 */
export async function packModel({ program, stop }: Setup, { tree }: TrainingRun): Promise<string> {
  const archive = join(dirname(tree.base), 'model.tar.gz');
  const within = isImageProgram(program) ? tree.base : undefined;
  try {
    const hasModel = await packFolder(tree.model, archive, { within, signal: stop });
    if (hasModel) return archive;
  } catch (error) {
    stop?.throwIfAborted();
    throw new NotTried(`the model of the training job cannot be packed: ${messageOf(error)}`);
  }
  throw new NotTried('the training job left no model');
}

/** "exit code 1: its reason", for messages: the failure text, else the last line of the log. */
export function endOf({ isLate, exit, failure, lines }: TrainingRun): string {
  if (isLate) return `it had not ended after ${exit.seconds.toFixed(0)} s, and was killed`;
  if (exit.exitCode === 0) return 'exit code 0';
  const text = failure?.toString('utf8').trim().split('\n')[0] || lines.findLast((line) => line.trim() !== '');
  return `exit code ${exit.exitCode}: ${text === undefined ? 'it logged nothing' : excerpt(text)}`;
}

// --- internal ---

/** What the platform searches of a line for metrics. */
const LINE_CHARS = 16_384;

/** A copy, so that the rest of a long line is not kept. */
function startOf(line: string): string {
  return line.length <= LINE_CHARS ? line : Buffer.from(line.slice(0, LINE_CHARS)).toString();
}

function trainingVariables({ environment }: Setup): Record<string, string> {
  return {
    ...environment,
    TRAINING_JOB_NAME: 'conformance',
    TRAINING_JOB_ARN: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/conformance',
    AWS_REGION: 'us-east-1',
    CURRENT_HOST: 'algo-1',
  };
}
