/** A temporary input tree of a training job, and its channels opened as the SDK opens them. */

import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { Channel, OpenedChannel } from '../../src/channels/channel.js';
import { openChannels } from '../../src/channels/open.js';
import { JobHosts } from '../../src/channels/sharing.js';
import type { Communicator } from '../../src/cluster/communicator.js';
import type { ChannelConfig } from '../../src/environment.js';
import type { BlockOptions } from '../../src/formats/block.js';
import { layout } from '../../src/paths.js';
import { createStopSignal } from '../../src/training/stop.js';

export interface Job {
  readonly data: string;
  requestStop(): void;
  /** Writes files below input/data. */
  put(files: Readonly<Record<string, string | Uint8Array>>): void;
  makeFifo(name: string): string;
  /** One that is written and read. */
  removeFifo(name: string): void;
  open(
    configs: Readonly<Record<string, Partial<ChannelConfig>>>,
    options?: OpenOptions,
  ): Readonly<Record<string, OpenedChannel>>;
  remove(): void;
}

type ChannelsOptions = Parameters<typeof openChannels>[0];
type OpenOptions = Partial<
  Pick<ChannelsOptions, 'definitions' | 'policy' | 'precision' | 'warn' | 'onFeatureNames'>
> & {
  /** Of the job; default: one. */
  readonly hosts?: readonly string[];
  /** The names of their groups; default: none is known. */
  readonly groups?: readonly string[];
  /** Connects them. */
  readonly communicator?: Communicator;
};

const CLUSTER = {
  ...{ currentHost: 'algo-1', networkInterface: undefined, instanceType: undefined, groupName: undefined },
  topology: undefined,
};

export function createJob(): Job {
  const base = mkdtempSync(join(tmpdir(), 'job-'));
  const paths = layout(base);
  const { stop, request } = createStopSignal();
  const fifos: string[] = [];
  mkdirSync(paths.data, { recursive: true });
  return {
    data: paths.data,
    requestStop: request,
    put(files) {
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(dirname(join(paths.data, name)), { recursive: true });
        writeFileSync(join(paths.data, name), content);
      }
    },
    makeFifo(name) {
      const path = join(paths.data, name);
      execFileSync('mkfifo', [path]);
      fifos.push(path);
      return path;
    },
    removeFifo(name) {
      const path = join(paths.data, name);
      rmSync(path);
      fifos.splice(fifos.indexOf(path), 1);
    },
    open(configs, { hosts = ['algo-1'], groups = [], communicator, ...options } = {}) {
      const jobHosts = new JobHosts(hosts);
      const defaults = { TrainingInputMode: 'File', RecordWrapperType: 'None', CompressionType: 'None' } as const;
      const inputDataConfig = Object.fromEntries(
        Object.entries(configs).map(([name, config]) => [name, { ...defaults, ...config }]),
      );
      const instanceGroups = groups.map((name) => ({ name, type: 'ml.m5.large', hosts }));
      const channels = openChannels({
        environment: { paths, inputDataConfig, resourceConfig: { ...CLUSTER, instanceGroups, hosts } },
        definitions: { train: { description: 'rows', required: true, contentTypes: ['text/csv'] } },
        policy: { missingValues: 'refuse', infiniteValues: 'refuse' },
        stop,
        hosts: jobHosts,
        ...options,
      });
      if (communicator) jobHosts.connect(communicator);
      return channels;
    },
    remove() {
      // A writer that still waits for its reader would keep a thread of the test's process.
      for (const path of fifos) closeSync(openSync(path, constants.O_RDONLY | constants.O_NONBLOCK));
      rmSync(base, { recursive: true });
    },
  };
}

/** A job of its own for each test. */
export function useJob(): Job {
  let job: Job;
  beforeEach(() => {
    job = createJob();
  });
  afterEach(() => job.remove());
  return new Proxy({} as Job, { get: (_, name) => job[name as keyof Job] });
}

/** A file of test/fixtures/parquet. */
export function parquetFixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url));
}

/** All labels and features of one pass, row by row. */
export async function readRows(channel: Channel | undefined, options?: BlockOptions): Promise<number[][]> {
  const read: number[][] = [];
  for await (const { rows, columns, labelCount, labels, features } of channel!.blocks(options)) {
    for (let row = 0; row < rows; row++) {
      const own = features.subarray(row * columns, (row + 1) * columns);
      read.push([...labels.subarray(row * labelCount, (row + 1) * labelCount), ...own]);
    }
  }
  return read;
}
