/**
 * The platform's side of the contract, read once: the /opt/ml tree, input/config/*.json and the service's variables,
 * as one frozen object. Besides paths.ts, this is the only file that reads `process.env`. Sources: CONTRACT.md,
 * sections tree and variables.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PlatformError } from './errors.js';
import { baseDirectory, layout, type Paths } from './paths.js';
import { readServingSettings, type ServingSettings } from './serving-settings.js';
import { textOf } from './variables.js';

export interface Environment {
  readonly paths: Paths;
  /** As received: every value a string. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  readonly inputDataConfig: Readonly<Record<string, ChannelConfig>>;
  readonly resourceConfig: ResourceConfig;
  /** The checkpoint directory when the job has one. */
  readonly checkpointPath: string | undefined;
  readonly trainingJobName: string | undefined;
  readonly serving: ServingSettings;
  /** Variables whose names begin with `ALGO_`, as received: settings of the algorithm's own. */
  readonly variables: Readonly<Record<string, string>>;
}

/** @param variables the process's own by default; tests hand in theirs */
export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const paths = layout(baseDirectory(variables));
  const resourceConfig = readResourceConfig(paths.config, variables);
  const checkpoint = readConfig(join(paths.config, 'checkpointconfig.json'), checkpointConfigSchema);
  return deepFreeze({
    paths,
    hyperparameters: readConfig(join(paths.config, 'hyperparameters.json'), hyperparametersSchema) ?? {},
    inputDataConfig: readConfig(join(paths.config, 'inputdataconfig.json'), inputDataConfigSchema) ?? {},
    resourceConfig,
    checkpointPath: checkpoint && (checkpoint.LocalPath ?? join(paths.base, 'checkpoints')),
    trainingJobName: textOf(variables, 'TRAINING_JOB_NAME'),
    serving: readServingSettings(variables),
    variables: Object.fromEntries(Object.entries(variables).flatMap(ownVariable)),
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
  ContentType: z.string().optional(),
  TrainingInputMode: z
    .enum(['File', 'FastFile', 'Pipe'])
    .default('File')
    .transform((mode) => (mode === 'Pipe' ? 'Pipe' : 'File')),
  S3DistributionType: z.enum(['FullyReplicated', 'ShardedByS3Key']).optional(),
  RecordWrapperType: z.enum(['None', 'RecordIO']).default('None'),
  CompressionType: z.enum(['None', 'Gzip']).default('None'),
});

export type ChannelConfig = z.output<typeof channelConfigSchema>;

const inputDataConfigSchema = z.record(z.string().regex(/^[A-Za-z0-9.\-_]{1,64}$/), channelConfigSchema);

/** All but the first two keys are missing in some launchers; the toolkit's own generator writes current_instance_group. */
const resourceConfigSchema = z.looseObject({
  current_host: z.string().min(1),
  hosts: z.array(z.string().min(1)).min(1),
  network_interface_name: z.string().optional(),
  current_instance_type: z.string().optional(),
  current_group_name: z.string().optional(),
  current_instance_group: z.string().optional(),
  instance_groups: z
    .array(z.looseObject({ instance_group_name: z.string(), instance_type: z.string(), hosts: z.array(z.string()) }))
    .optional(),
  topology: z.unknown().optional(),
});

/** The cluster, under names of our own. */
export interface ResourceConfig {
  readonly currentHost: string;
  /** Sorted like the platform: by bytes, so algo-10 comes before algo-2. */
  readonly hosts: readonly string[];
  readonly networkInterface: string | undefined;
  readonly instanceType: string | undefined;
  readonly groupName: string | undefined;
  readonly instanceGroups: readonly {
    readonly name: string;
    readonly type: string;
    readonly hosts: readonly string[];
  }[];
}

const checkpointConfigSchema = z.looseObject({ LocalPath: z.string().min(1).optional(), S3Uri: z.string().optional() });

// --- internal ---

function readResourceConfig(directory: string, variables: NodeJS.ProcessEnv): ResourceConfig {
  const config =
    readConfig(join(directory, 'resourceconfig.json'), resourceConfigSchema) ??
    readConfig(join(directory, 'resourceConfig.json'), resourceConfigSchema);
  const currentHost = config?.current_host ?? textOf(variables, 'CURRENT_HOST') ?? 'algo-1';
  const hosts = config?.hosts ?? [currentHost];
  if (!hosts.includes(currentHost)) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      `resourceconfig.json: current_host must be one of hosts ${hosts.join(', ')}; received "${currentHost}".`,
    );
  }
  return {
    currentHost,
    hosts,
    networkInterface: config?.network_interface_name,
    instanceType: config?.current_instance_type,
    groupName: config?.current_group_name ?? config?.current_instance_group,
    instanceGroups: (config?.instance_groups ?? []).map((group) => ({
      name: group.instance_group_name,
      type: group.instance_type,
      hosts: group.hosts,
    })),
  };
}

/** The file as JSON checked against `schema`, or undefined when there is none. */
function readConfig<T>(path: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(path)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PlatformError('E_ENVIRONMENT', `${path} must be valid JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const place = issue.path.map(String).join('.') || 'the whole file';
  const received = issue.path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown>)?.[key], value);
  throw new PlatformError(
    'E_ENVIRONMENT',
    `${path}, ${place}: ${issue.message}; received ${JSON.stringify(received) ?? 'nothing'}.`,
  );
}

/** As received, but for those that are blank. */
function ownVariable([name, value]: readonly [string, string | undefined]): (readonly [string, string])[] {
  return name.startsWith('ALGO_') && value?.trim() ? [[name, value]] : [];
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}
