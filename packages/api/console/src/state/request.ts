/** The request that creates a job, as JSON: of an earlier job's description, and changed member by member. */
import type { Kind } from './kinds.js';
import { at } from './members.js';
import type { Members } from './state.js';

/** The members of Create requests: of what Describe answers, only these can be asked for again. */
const REQUEST_MEMBERS: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  'training-job': [
    ...[
      'HyperParameters',
      'AlgorithmSpecification',
      'RoleArn',
      'InputDataConfig',
      'OutputDataConfig',
      'ResourceConfig',
    ],
    ...['VpcConfig', 'StoppingCondition', 'EnableNetworkIsolation', 'EnableInterContainerTrafficEncryption'],
    ...['EnableManagedSpotTraining', 'CheckpointConfig', 'Environment', 'RetryStrategy', 'ExperimentConfig'],
  ],
  'transform-job': [
    ...['ModelName', 'MaxConcurrentTransforms', 'ModelClientConfig', 'MaxPayloadInMB', 'BatchStrategy', 'Environment'],
    ...['TransformInput', 'TransformOutput', 'TransformResources', 'DataProcessing', 'ExperimentConfig'],
  ],
  'hyper-parameter-tuning-job': [
    ...[
      'HyperParameterTuningJobConfig',
      'TrainingJobDefinition',
      'TrainingJobDefinitions',
      'WarmStartConfig',
      'Autotune',
    ],
  ],
};

/** The request that would create the described job again, without its name. */
export function requestOf(kind: Kind, described: Members): Members {
  const wanted = REQUEST_MEMBERS[kind] ?? [];
  return Object.fromEntries(
    wanted.filter((name) => described[name] !== undefined).map((name) => [name, described[name]]),
  );
}

/**
 * The next name of a series that no other has: `job-2` of `job`, and `job-3` of `job-2` where there is a `job`; a number at
 * the end may mean something else. Names have up to 63 characters.
 */
export function nextName(name: string, taken: ReadonlySet<string>): string {
  const [, before = name] = /^(.+)-\d{1,6}$/.exec(name) ?? [];
  const base = taken.has(before) ? before : name;
  for (let next = 2; ; next++) {
    const candidate = `${base.slice(0, 63 - `-${next}`.length)}-${next}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** The object at a path; an empty one where there is none. */
export function objectAt(members: Members, path: string): Members {
  const value = at(members, path);
  return isObject(value) ? value : {};
}

/** With the value at a path such as `ResourceConfig.InstanceType`. Undefined takes the member out, and objects left empty. */
export function withAt(members: Members, path: string, value: unknown): Members {
  const [name = '', ...rest] = path.split('.');
  const { [name]: old, ...others } = members;
  const next = rest.length === 0 ? value : withAt(isObject(old) ? old : {}, rest.join('.'), value);
  const isGone = next === undefined || (rest.length > 0 && Object.keys(next as Members).length === 0);
  return isGone ? others : { ...members, [name]: next };
}

/** What a field holds, for a member that is an integer: none for no text, and for any other text the text: the service says what is wrong. */
export function integerOf(text: string): number | string | undefined {
  if (text.trim() === '') return undefined;
  return Number.isInteger(Number(text)) ? Number(text) : text;
}

// --- internal ---

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
