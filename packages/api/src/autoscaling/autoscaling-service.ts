/**
 * Application Auto Scaling of endpoints, as it is asked for: targets and policies can be read and deleted, and scale nothing,
 * as an endpoint here has one server for each variant.
 */
import { randomUUID } from 'node:crypto';
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { OperationTable } from '../protocol/run-operation.js';
import type { Service } from '../server/exchange.js';
import { sortedPage } from '../store/sorted-page.js';
import { checkVariant, invalid, notFound, POLICY, type Scaling, TARGET, type TargetReference } from './target.js';

interface RegisterRequest extends TargetReference {
  readonly MinCapacity?: number;
  readonly MaxCapacity?: number;
  readonly RoleARN?: string;
  readonly Tags?: unknown;
}

interface PolicyRequest extends TargetReference {
  readonly PolicyName: string;
  readonly PolicyType?: string;
  readonly TargetTrackingScalingPolicyConfiguration?: object;
}

interface ListRequest extends Partial<TargetReference> {
  readonly ResourceIds?: readonly string[];
  readonly PolicyNames?: readonly string[];
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

type TargetBody = Required<Omit<RegisterRequest, 'Tags'>> & {
  readonly CreationTime: number;
  readonly ScalableTargetARN: string;
};
type PolicyBody = PolicyRequest & { readonly CreationTime: number; readonly PolicyARN: string };

export function autoscalingService(scaling: Scaling): Service {
  return jsonService(autoscalingTable(scaling));
}

export function autoscalingTable(scaling: Scaling): OperationTable {
  const { store, account } = scaling;
  const { records, transaction } = store;
  const arnStart = `arn:aws:application-autoscaling:${account.region}:${account.id}:scalable-target`;
  const defaultRole = `arn:aws:iam::${account.id}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`;
  const policiesOf = ({ ResourceId }: TargetReference) =>
    records.all<PolicyBody>(POLICY).filter(({ body }) => body.ResourceId === ResourceId);
  return {
    name: 'Application Auto Scaling',
    model: serviceModel('application-autoscaling'),
    operations: {
      RegisterScalableTarget: ({ Tags: _, ...request }: RegisterRequest) => {
        checkVariant(scaling, request);
        const name = request.ResourceId;
        const known = records.find<TargetBody>(TARGET, name);
        const { MinCapacity, MaxCapacity } = { ...known?.body, ...request };
        if (MinCapacity === undefined || MaxCapacity === undefined || MinCapacity > MaxCapacity) {
          const received = `${MinCapacity} and ${MaxCapacity}`;
          throw invalid(`A target must have MinCapacity and a MaxCapacity that is not below it; received ${received}.`);
        }
        const created = known?.created ?? Date.now() / 1000;
        const ScalableTargetARN = known?.arn ?? `${arnStart}/${randomUUID().replaceAll('-', '')}`;
        const body = { RoleARN: defaultRole, ...known?.body, ...request, ScalableTargetARN, CreationTime: created };
        const record = {
          kind: TARGET,
          name,
          arn: ScalableTargetARN,
          status: '',
          created,
          modified: Date.now() / 1000,
          body,
        };
        transaction(() => (known ? records.update(record) : records.insert(record)));
        return { ScalableTargetARN };
      },
      DescribeScalableTargets: (request: ListRequest) => {
        const { ResourceIds, ServiceNamespace } = request;
        const found = records
          .all<TargetBody>(TARGET)
          .filter(
            ({ name, body }) => body.ServiceNamespace === ServiceNamespace && (ResourceIds?.includes(name) ?? true),
          );
        return listed('ScalableTargets', found, request);
      },
      DeregisterScalableTarget: (request: TargetReference) => {
        transaction(() => {
          if (!records.remove(TARGET, request.ResourceId)) throw notFound('scalable target', request);
          for (const { name } of policiesOf(request)) records.remove(POLICY, name);
        });
        return {};
      },
      PutScalingPolicy: (request: PolicyRequest) => {
        if (!records.find(TARGET, request.ResourceId)) throw notFound('scalable target', request);
        const { PolicyName, PolicyType, ResourceId, TargetTrackingScalingPolicyConfiguration } = request;
        if (PolicyType !== 'TargetTrackingScaling' || TargetTrackingScalingPolicyConfiguration === undefined) {
          throw invalid(
            'PolicyType must be TargetTrackingScaling, with its configuration; no other is there on this machine.',
          );
        }
        const name = policyKey(request);
        const known = records.find<PolicyBody>(POLICY, name);
        const PolicyARN =
          known?.arn ??
          `arn:aws:autoscaling:${account.region}:${account.id}:scalingPolicy:${randomUUID()}:resource/sagemaker/${ResourceId}:policyName/${PolicyName}`;
        const created = known?.created ?? Date.now() / 1000;
        const body: PolicyBody = { ...request, PolicyARN, CreationTime: created };
        const record = { kind: POLICY, name, arn: PolicyARN, status: '', created, modified: Date.now() / 1000, body };
        transaction(() => (known ? records.update(record) : records.insert(record)));
        return { PolicyARN, Alarms: [] };
      },
      DescribeScalingPolicies: (request: ListRequest) => {
        const { ResourceId, PolicyNames, ServiceNamespace } = request;
        const found = records
          .all<PolicyBody>(POLICY)
          .filter(({ body }) => body.ServiceNamespace === ServiceNamespace)
          .filter(({ body }) => (ResourceId ?? body.ResourceId) === body.ResourceId)
          .filter(({ body }) => PolicyNames?.includes(body.PolicyName) ?? true);
        return listed('ScalingPolicies', found, request);
      },
      DeleteScalingPolicy: (request: PolicyRequest) => {
        if (!records.remove(POLICY, policyKey(request))) throw notFound('scaling policy', request);
        return {};
      },
    },
  };
}

// --- internal ---

/** Of one answer, where the request has no other; Application Auto Scaling API Reference. */
const MAX_RESULTS = 50;

/** The name of its record: policies of different targets may have the same name. */
function policyKey({ ResourceId, PolicyName }: PolicyRequest): string {
  return `${ResourceId}:${PolicyName}`;
}

function listed(
  member: string,
  found: readonly { readonly name: string; readonly body: object }[],
  { MaxResults = MAX_RESULTS, NextToken }: ListRequest,
): object {
  const { page, nextToken } = sortedPage(found, {
    ...{ key: ({ name }) => name, name: ({ name }) => name, isDescending: false },
    ...{ maxResults: MaxResults, nextToken: NextToken },
    refuse: (token) => invalid(`NextToken must be one of this list; received "${token}".`),
  });
  return { [member]: page.map(({ body }) => body), ...(nextToken !== undefined && { NextToken: nextToken }) };
}
