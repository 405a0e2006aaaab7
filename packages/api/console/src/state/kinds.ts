/** The kinds of resources that the console shows, with what their operations and logs are called. */

export type Kind =
  | 'training-job'
  | 'transform-job'
  | 'hyper-parameter-tuning-job'
  | 'model'
  | 'algorithm'
  | 'model-package'
  | 'model-package-group'
  | 'endpoint'
  | 'endpoint-config';

export interface KindInfo {
  readonly kind: Kind;
  /** In the address: `#/training-jobs`. */
  readonly path: string;
  readonly title: string;
  readonly one: string;
  /** As operations name it: `Describe…`. */
  readonly operation: string;
  /** The member with its name in requests. */
  readonly nameMember: string;
  readonly canStop: boolean;
  readonly isJob: boolean;
  /** What a row of the list says about where it comes from. */
  readonly sourceTitle: string;
  /** Where its output is logged, if it has any. */
  readonly logPlace?: (name: string) => LogPlace;
}

export interface LogPlace {
  readonly group: string;
  /** The start of its streams' names. */
  readonly stream: string;
  readonly resource: string;
}

export const KINDS: readonly KindInfo[] = [
  job('training-job', 'Training jobs', 'training job', 'TrainingJob', 'Algorithm', '/aws/sagemaker/TrainingJobs'),
  job('hyper-parameter-tuning-job', 'Tuning jobs', 'tuning job', 'HyperParameterTuningJob', 'Algorithm'),
  job('transform-job', 'Transform jobs', 'transform job', 'TransformJob', 'Model', '/aws/sagemaker/TransformJobs'),
  resource('algorithm', 'Algorithms', 'algorithm', 'Algorithm', 'Image'),
  resource('model-package', 'Model packages', 'model package', 'ModelPackage', 'Image'),
  resource('model-package-group', 'Package groups', 'model package group', 'ModelPackageGroup', 'Latest version'),
  resource('model', 'Models', 'model', 'Model', 'Image'),
  {
    ...resource('endpoint', 'Endpoints', 'endpoint', 'Endpoint', 'Configuration'),
    logPlace: (name) => ({ group: `/aws/sagemaker/Endpoints/${name}`, stream: '', resource: name }),
  },
  resource('endpoint-config', 'Endpoint configs', 'endpoint configuration', 'EndpointConfig', 'Model'),
];

export function infoOf(kind: Kind): KindInfo {
  return KINDS.find((info) => info.kind === kind)!;
}

export function isKind(kind: string): kind is Kind {
  return KINDS.some((info) => info.kind === kind);
}

// --- internal ---

function job(kind: Kind, title: string, one: string, operation: string, sourceTitle: string, group?: string): KindInfo {
  const common = { kind, title, one, operation, nameMember: `${operation}Name`, sourceTitle };
  const info = { ...common, path: title.toLowerCase().replaceAll(' ', '-'), canStop: true, isJob: true };
  if (group === undefined) return info;
  return { ...info, logPlace: (name) => ({ group, stream: `${name}/`, resource: name }) };
}

function resource(kind: Kind, title: string, one: string, operation: string, sourceTitle: string): KindInfo {
  return { ...job(kind, title, one, operation, sourceTitle), canStop: false, isJob: false };
}
