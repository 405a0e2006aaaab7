/**
 * The environment of a container that serves: paths and variables, and no file, since only a job has files in input/config.
 * Apart from environment.ts, so that no container waits for the rules of these files before it answers.
 */
import { oneHost, type ResourceConfig } from './cluster/one-host.js';
import { baseDirectory, layout, type Paths } from './paths.js';
import { readServingSettings, type ServingSettings } from './serving-settings.js';
import { textOf } from './variables.js';

/** An `Environment` without a job. */
export interface ServingEnvironment {
  readonly paths: Paths;
  readonly hyperparameters: Readonly<Record<string, never>>;
  readonly inputDataConfig: Readonly<Record<string, never>>;
  readonly resourceConfig: ResourceConfig;
  readonly checkpointPath: undefined;
  readonly trainingJobName: string | undefined;
  readonly cacheDirectory: string | undefined;
  readonly serving: ServingSettings;
  readonly variables: Readonly<Record<string, string>>;
}

/** @param variables the process's own by default; tests hand in theirs */
export function readServingEnvironment(variables: NodeJS.ProcessEnv = process.env): ServingEnvironment {
  return deepFreeze(environmentOfVariables(variables));
}

/** What the variables say; what files say of a job is empty. */
export function environmentOfVariables(variables: NodeJS.ProcessEnv): ServingEnvironment {
  return {
    paths: layout(baseDirectory(variables)),
    hyperparameters: {},
    inputDataConfig: {},
    resourceConfig: oneHost(textOf(variables, 'CURRENT_HOST')),
    checkpointPath: undefined,
    trainingJobName: textOf(variables, 'TRAINING_JOB_NAME'),
    cacheDirectory: textOf(variables, 'SAGEMAKER_MANAGED_WARMPOOL_CACHE_DIRECTORY'),
    serving: readServingSettings(variables),
    variables: Object.fromEntries(Object.entries(variables).flatMap(ownVariable)),
  };
}

/** With all objects in it. */
export function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null) deepFreeze(part);
  return Object.freeze(value);
}

// --- internal ---

/** As received, but for those that are blank. */
function ownVariable([name, value]: readonly [string, string | undefined]): (readonly [string, string])[] {
  return name.startsWith('ALGO_') && value?.trim() ? [[name, value]] : [];
}
