/** One training job of the container under test: laid out as the platform does, run to its end, and what it left and changed. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ChannelInput,
  type Container,
  type ContainerExit,
  createOptMl,
  type InputMode,
  listFiles,
  locateChannels,
  type OptMl,
  type PipeChannel,
  provideChannels,
  startContainer,
  writeTrainingConfig,
} from '@algo/local';
import { type FileDigest, readPlainFile, snapshot } from './files.js';
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
  /** Gets the container when it runs. */
  readonly onStart?: ((container: Container) => void) | undefined;
}

export interface TrainingRun {
  readonly exit: ContainerExit;
  readonly lines: readonly string[];
  /** /opt/ml/output/failure; undefined where there is none. */
  readonly failure: Buffer | undefined;
  /** Folder with what was left in /opt/ml/model. */
  readonly model: string;
  readonly modelFiles: readonly string[];
  /** Of a job that is watched: its files before and after. */
  readonly before: readonly FileDigest[];
  readonly after: readonly FileDigest[];
  /** Names in the working directory of a process, which was empty. */
  readonly strays: readonly string[];
}

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
    await provideChannels(tree, locateChannels(request), pipes);
    variant.edit?.(tree);
    const before = isWatched ? await snapshot(tree.base) : [];
    const container = await startContainer({
      ...{ program: setup.program, command: 'train', tree, directory },
      environment: trainingVariables(setup),
      logFile: join(workDirectory, 'log.txt'),
      onLine: (line) => {
        lines.push(line);
        variant.onLine?.(line);
      },
    });
    variant.onStart?.(container);
    const stop = () => void container.stop(0);
    setup.stop?.addEventListener('abort', stop, { once: true });
    const exit = await container.exited;
    setup.stop?.removeEventListener('abort', stop);
    setup.stop?.throwIfAborted();
    const after = isWatched ? await snapshot(tree.base) : [];
    const modelFiles = listFiles(tree.model, 'Model').map(({ key }) => key);
    const strays = readdirSync(directory).filter((name) => name !== 'oom'); // podman's monitor leaves "oom"
    return { exit, lines, failure: readPlainFile(tree.failure), model: tree.model, modelFiles, before, after, strays };
  } finally {
    await Promise.all(pipes.map((pipe) => pipe.close()));
  }
}

/** "exit code 1: its reason", for messages: the failure text, else the last line of the log. */
export function endOf({ exit, failure, lines }: Pick<TrainingRun, 'exit' | 'failure' | 'lines'>): string {
  const text = failure?.toString('utf8').trim().split('\n')[0] || lines.findLast((line) => line.trim() !== '');
  return `exit code ${exit.exitCode}${exit.exitCode === 0 ? '' : `: ${text ?? 'it logged nothing'}`}`;
}

// --- internal ---

function trainingVariables({ environment }: Setup): Record<string, string> {
  return {
    ...environment,
    TRAINING_JOB_NAME: 'conformance',
    TRAINING_JOB_ARN: 'arn:aws:sagemaker:us-east-1:000000000000:training-job/conformance',
    AWS_REGION: 'us-east-1',
    CURRENT_HOST: 'algo-1',
  };
}
