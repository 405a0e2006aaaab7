/** An /opt/ml tree for a measured training job, whose channels are files that exist already and are not copied. */
import { linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface TrainingTreeOptions {
  /** Emptied first; on the same file system as the channels' files. */
  readonly directory: string;
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** One file per channel, read in File mode. */
  readonly channels: Readonly<Record<string, string>>;
  /** Of all channels; default `text/csv`. */
  readonly contentType?: string;
}

/** Lays the tree out and returns the variables that point a program at it. */
export function makeTrainingTree(options: TrainingTreeOptions): Readonly<Record<string, string>> {
  const input = join(options.directory, 'input');
  rmSync(options.directory, { recursive: true, force: true });
  for (const folder of ['input/config', 'model', 'output/data']) {
    mkdirSync(join(options.directory, folder), { recursive: true });
  }
  for (const [channel, file] of Object.entries(options.channels)) {
    mkdirSync(join(input, 'data', channel), { recursive: true });
    linkSync(file, join(input, 'data', channel, basename(file)));
  }
  const config = { ...CHANNEL_CONFIG, ContentType: options.contentType ?? 'text/csv' };
  const configs = {
    hyperparameters: options.hyperparameters,
    inputdataconfig: Object.fromEntries(Object.keys(options.channels).map((name) => [name, config])),
    resourceconfig: { current_host: 'algo-1', hosts: ['algo-1'], network_interface_name: 'lo' },
  };
  for (const [name, content] of Object.entries(configs)) {
    writeFileSync(join(input, 'config', `${name}.json`), JSON.stringify(content));
  }
  return { SAGEMAKER_BASE_DIR: options.directory, TRAINING_JOB_NAME: 'bench', AWS_REGION: 'us-east-1' };
}

// --- internal ---

const CHANNEL_CONFIG = {
  TrainingInputMode: 'File',
  S3DistributionType: 'FullyReplicated',
  RecordWrapperType: 'None',
  CompressionType: 'None',
};
