/** What serves a training job's model: the requests that make a model, an endpoint configuration and an endpoint of it. */
import type { Kind } from './kinds.js';
import { textAt } from './members.js';
import { nextName } from './request.js';
import type { Members, State } from './state.js';

export interface DeploymentDraft {
  readonly model: string;
  /** Whether only the model is made, such as for a transform job. */
  readonly isModelOnly: boolean;
  readonly config: string;
  readonly endpoint: string;
  readonly image: string;
  readonly data: string;
  readonly role: string;
  readonly instanceType: string;
  /** As the job had it: AWS refuses a model of a product without. */
  readonly isIsolated: boolean;
}

export interface CreateRequest {
  readonly kind: Kind;
  readonly name: string;
  readonly request: Members;
}

/** @param image that serves what the job made; @param rows those that there are: their names are taken */
export function deploymentDraftOf(job: Members, image: string, rows: State['rows']): DeploymentDraft {
  const name = textAt(job, 'TrainingJobName') ?? '';
  const freeOf = (kind: Kind) => {
    const taken = new Set((rows[kind] ?? []).map((row) => row.name));
    return taken.has(name) ? nextName(name, taken) : name;
  };
  return {
    ...{ model: freeOf('model'), config: freeOf('endpoint-config'), endpoint: freeOf('endpoint') },
    ...{ isModelOnly: false, image, instanceType: 'ml.m5.xlarge' },
    data: textAt(job, 'ModelArtifacts.S3ModelArtifacts') ?? '',
    role: textAt(job, 'RoleArn') ?? '',
    isIsolated: job.EnableNetworkIsolation === true,
  };
}

/** In the order in which they must be made. */
export function deploymentRequestsOf(draft: DeploymentDraft): readonly CreateRequest[] {
  const { model, config, endpoint, image, data, role, instanceType, isModelOnly, isIsolated } = draft;
  const variant = { VariantName: 'AllTraffic', ModelName: model, InstanceType: instanceType, InitialInstanceCount: 1 };
  const requests: readonly CreateRequest[] = [
    {
      ...{ kind: 'model', name: model },
      request: {
        ...{ ModelName: model, PrimaryContainer: { Image: image, ModelDataUrl: data }, ExecutionRoleArn: role },
        ...(isIsolated && { EnableNetworkIsolation: true }),
      },
    },
    {
      ...{ kind: 'endpoint-config', name: config },
      request: { EndpointConfigName: config, ProductionVariants: [variant] },
    },
    {
      ...{ kind: 'endpoint', name: endpoint },
      request: { EndpointName: endpoint, EndpointConfigName: config },
    },
  ];
  return isModelOnly ? requests.slice(0, 1) : requests;
}
