/** A temporary /opt/ml tree as the platform lays it out; the real one is never touched. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { layout, type Paths } from '../paths.js';

/** The content of a tree before the program starts. */
export interface ContainerContents {
  readonly hyperparameters?: Readonly<Record<string, string>>;
  /** Content by file name, by channel; the channel is File mode `text/csv` unless `inputDataConfig` says otherwise. */
  readonly channels?: Readonly<Record<string, Readonly<Record<string, string | Uint8Array>>>>;
  /** Keys of inputdataconfig.json by channel, over the defaults. */
  readonly inputDataConfig?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly resourceConfig?: Readonly<Record<string, unknown>>;
  /** Turns checkpoints on, in the tree's own checkpoint directory. */
  readonly hasCheckpoints?: boolean;
  /** Files of the checkpoint directory, as restored before the job starts, by name; turns checkpoints on. */
  readonly checkpoints?: Readonly<Record<string, string | Uint8Array>>;
}

export interface ContainerRoot {
  readonly paths: Paths;
  /** Variables that point a program at this tree. */
  readonly variables: Readonly<Record<string, string>>;
  /** The failure file, or undefined when there is none. */
  readFailure(): string | undefined;
  /** Writes a file below the base, making its folder. */
  write(path: string, content: string | Uint8Array): void;
  remove(): void;
}

/** Makes the tree in a directory of its own; the caller removes it. */
export function makeContainerRoot(contents: ContainerContents = {}): ContainerRoot {
  const base = mkdtempSync(join(tmpdir(), 'opt-ml-'));
  const paths = layout(base);
  const write = (path: string, content: string | Uint8Array) => {
    const target = join(base, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  };
  for (const directory of [paths.config, paths.data, paths.model, paths.outputData]) {
    mkdirSync(directory, { recursive: true });
  }
  const channels = contents.channels ?? {};
  for (const [channel, files] of Object.entries(channels)) {
    for (const [name, content] of Object.entries(files)) write(join('input', 'data', channel, name), content);
  }
  for (const [name, content] of Object.entries(contents.checkpoints ?? {})) write(join('checkpoints', name), content);
  const configs: Record<string, unknown> = {
    hyperparameters: contents.hyperparameters ?? {},
    inputdataconfig: inputDataConfig(Object.keys(channels), contents.inputDataConfig ?? {}),
    resourceconfig: { ...SINGLE_HOST, ...contents.resourceConfig },
    ...((contents.hasCheckpoints || contents.checkpoints) && {
      checkpointconfig: { LocalPath: join(base, 'checkpoints') },
    }),
  };
  for (const [name, content] of Object.entries(configs)) {
    write(join('input', 'config', `${name}.json`), JSON.stringify(content));
  }
  return {
    paths,
    variables: { SAGEMAKER_BASE_DIR: base, TRAINING_JOB_NAME: 'test-job', AWS_REGION: 'us-east-1' },
    readFailure: () => readIfThere(paths.failure),
    write,
    remove: () => rmSync(base, { recursive: true, force: true }),
  };
}

// --- internal ---

const SINGLE_HOST = {
  current_host: 'algo-1',
  hosts: ['algo-1'],
  network_interface_name: 'eth0',
  current_instance_type: 'ml.m5.large',
  current_group_name: 'homogeneousCluster',
  instance_groups: [{ instance_group_name: 'homogeneousCluster', instance_type: 'ml.m5.large', hosts: ['algo-1'] }],
};

function inputDataConfig(
  channels: readonly string[],
  overrides: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Record<string, Record<string, string>> {
  const names = new Set([...channels, ...Object.keys(overrides)]);
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      {
        ContentType: 'text/csv',
        TrainingInputMode: 'File',
        S3DistributionType: 'FullyReplicated',
        RecordWrapperType: 'None',
        ...overrides[name],
      },
    ]),
  );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
