/**
 * The platform's side of the contract, read once: the /opt/ml tree, input/config/*.json and the service's variables,
 * as one frozen object; serving-environment.ts has what a container that serves needs of it. Besides these two, paths.ts and
 * variables.ts, no file reads or sets `process.env`. Sources: CONTRACT.md, sections tree and variables.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { type ResourceConfig, readResourceConfig } from './cluster/resource-config.js';
import { mayBeMissing, readConfig } from './config-file.js';
import type { Paths } from './paths.js';
import { deepFreeze, environmentOfVariables } from './serving-environment.js';
import type { ServingSettings } from './serving-settings.js';
import { textOf } from './variables.js';

export interface Environment {
  readonly paths: Paths;
  /** As received: every value a string. Of a job only, as all files of input/config: a container that serves has none. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly inputDataConfig: Readonly<Record<string, ChannelConfig>>;
  readonly resourceConfig: ResourceConfig;
  /** The checkpoint directory when the job has one. */
  readonly checkpointPath: string | undefined;
  readonly trainingJobName: string | undefined;
  /** A directory that the next job of the same warm pool finds as this one leaves it; undefined without a warm pool. */
  readonly cacheDirectory: string | undefined;
  readonly serving: ServingSettings;
  /** Variables whose names begin with `ALGO_`, as received: settings of the algorithm's own. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What the hosts of a job need to meet. */
export type Cluster = Pick<Environment, 'resourceConfig' | 'trainingJobName' | 'variables'>;

/** Of a job, whatever is wrong with its other files. @throws PlatformError E_ENVIRONMENT, as `readEnvironment` does */
export function readCluster(variables: NodeJS.ProcessEnv = process.env): Cluster {
  const { paths, trainingJobName, variables: own } = environmentOfVariables(variables);
  const resourceConfig = readResourceConfig(paths.config, textOf(variables, 'CURRENT_HOST'));
  return { resourceConfig, trainingJobName, variables: own };
}

/** Of a job. @param variables the process's own by default; tests hand in theirs */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const serving = environmentOfVariables(variables);
  const { paths } = serving;
  const resourceConfig = readResourceConfig(paths.config, textOf(variables, 'CURRENT_HOST'));
  const checkpoint = readConfig(join(paths.config, 'checkpointconfig.json'), checkpointConfigSchema);
  return deepFreeze({
    ...serving,
    hyperparameters: readConfig(join(paths.config, 'hyperparameters.json'), hyperparametersSchema) ?? {},
    inputDataConfig: readConfig(join(paths.config, 'inputdataconfig.json'), inputDataConfigSchema) ?? {},
    resourceConfig,
    checkpointPath: checkpoint && (checkpoint.LocalPath ?? join(paths.base, 'checkpoints')),
  });
}

/** No z.record, which leaves out a member named __proto__: here it is an unknown name like any other. */
const hyperparametersSchema = z.custom<Readonly<Record<string, string>>>().superRefine((value: unknown, context) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    context.addIssue({ code: 'invalid_type', expected: 'record', input: value });
    return;
  }
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      context.addIssue({ code: 'invalid_type', expected: 'string', path: [name], input: text });
    }
  }
});

/** SDK local mode writes two of the four keys only; FastFile jobs say "FastFile" (2023) or "File" (today). */
const channelConfigSchema = z.looseObject({
  ContentType: mayBeMissing(z.string()),
  TrainingInputMode: mayBeMissing(z.enum(['File', 'FastFile', 'Pipe'])).transform((mode) =>
    mode === 'Pipe' ? 'Pipe' : 'File',
  ),
  S3DistributionType: mayBeMissing(z.enum(['FullyReplicated', 'ShardedByS3Key'])),
  RecordWrapperType: mayBeMissing(z.enum(['None', 'RecordIO'])).transform((type) => type ?? 'None'),
  CompressionType: mayBeMissing(z.enum(['None', 'Gzip'])).transform((type) => type ?? 'None'),
});

export type ChannelConfig = z.output<typeof channelConfigSchema>;

const inputDataConfigSchema = z.record(
  z.string().regex(/^[A-Za-z0-9.\-_]{1,64}$/, '1 to 64 letters, digits, ".", "-" and "_"'),
  channelConfigSchema,
);

const checkpointConfigSchema = z.looseObject({
  LocalPath: mayBeMissing(z.string().min(1)),
  S3Uri: mayBeMissing(z.string()),
});
