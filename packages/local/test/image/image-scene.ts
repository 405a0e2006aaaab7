/**
 * What the tests in containers need: the image that ALGO_TEST_IMAGE names, an engine, and the probe made of that image.
 * Without the variable these tests are skipped: not every machine has an engine, and none has the image before it is built.
 */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { callEngine, findEngine } from '../../src/container/engine.js';
import { type ContainerLimits, type ImageProgram, openImageProgram } from '../../src/container/image-program.js';
import {
  type OpenImageRequest,
  runTrainingJob,
  type TrainingJobRequest,
  type TrainingJobResult,
} from '../../src/index.js';
import { makeFolder, sumDescription, writeFiles } from '../scene.js';

export const IMAGE = process.env.ALGO_TEST_IMAGE;
export const PROBE_IMAGE = 'localhost/algo-probe';
export const CHATTY_IMAGE = 'localhost/algo-chatty';
const MIB = 1024 * 1024;

export const MEMORY_BYTES = 256 * MIB;
export const SHARED_MEMORY_BYTES = 16 * MIB;

/** The image under test, in a sandbox of this test's own or in the engine's network. */
export async function openTestImage(
  image: string,
  limits: Partial<ContainerLimits> = {},
  network?: OpenImageRequest['network'],
): Promise<ImageProgram> {
  const program = await openImageProgram({
    engine: await findEngine('run'),
    image,
    folder: '.',
    limits,
    ...(network && { network }),
  });
  onTestFinished(async () => program.sandbox?.close());
  return program;
}

/** @param target stage of test/fixtures/probe/Dockerfile */
export async function buildFixture(base: string, target: 'probe' | 'chatty', image: string): Promise<void> {
  const folder = join(import.meta.dirname, '..', 'fixtures');
  const file = join(folder, 'probe', 'Dockerfile');
  const args = ['--tag', image, '--build-arg', `BASE=${base}`, '--target', target, '--file', file];
  await callEngine(await findEngine('run'), ['build', ...args, folder]);
}

export interface Probed {
  readonly program: ImageProgram;
  readonly job: TrainingJobResult;
  readonly found: unknown;
}

/** Runs the probe as a training job. */
export async function probe(
  name: string,
  options: {
    limits?: Partial<ContainerLimits>;
    environment?: Record<string, string>;
    stop?: AbortSignal;
    stopGraceMs?: number;
    network?: OpenImageRequest['network'];
    command?: Pick<TrainingJobRequest, 'entrypoint' | 'arguments'>;
  } = {},
  onLine: (line: string) => void = () => undefined,
): Promise<Probed> {
  const limits = { memoryBytes: MEMORY_BYTES, sharedMemoryBytes: SHARED_MEMORY_BYTES, cpus: 1, ...options.limits };
  const program = await openTestImage(PROBE_IMAGE, limits, options.network);
  const folder = makeFolder();
  const data = writeFiles(join(folder, 'data'), { 'train.csv': '1,2\n' });
  let found: unknown;
  const job = await runTrainingJob({
    program,
    ...options.command,
    description: sumDescription,
    channels: { train: { path: data } },
    environment: { PROBE: name, ...options.environment },
    workDirectory: join(folder, 'work'),
    outputDirectory: join(folder, 'output'),
    stop: options.stop,
    stopGraceMs: options.stopGraceMs ?? 500,
    onEvent: (event) => {
      if (event.type !== 'log') return;
      onLine(event.line);
      if (event.line.startsWith('probe=')) found = JSON.parse(event.line.slice('probe='.length));
    },
  });
  return { program, job, found };
}
