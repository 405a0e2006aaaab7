import { onTestFinished } from 'vitest';
import { autoscalingTable } from '../../src/autoscaling/autoscaling-service.js';
import { runOperation } from '../../src/protocol/run-operation.js';
import type { RequestHead } from '../../src/server/request-head.js';
import { ServiceError } from '../../src/service-error.js';
import { openStore } from '../../src/store/store.js';
import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { makeFolder } from '../support/scene.js';

const variant = (name: string) => ({
  ...{ ServiceNamespace: 'sagemaker', ScalableDimension: 'sagemaker:variant:DesiredInstanceCount' },
  ResourceId: `endpoint/e/variant/${name}`,
});
const [own, other, none] = [variant('own'), variant('other'), variant('none')];
const LIMITS = { MinCapacity: 1, MaxCapacity: 4 };
const POLICY = {
  ...{ PolicyName: 'p', PolicyType: 'TargetTrackingScaling' },
  TargetTrackingScalingPolicyConfiguration: {
    TargetValue: 70,
    PredefinedMetricSpecification: { PredefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
  },
};
const NOT_FOUND = 'ObjectNotFoundException';
const INVALID = 'ValidationException';
const ServiceNamespace = 'sagemaker';

/** An endpoint in service, as its record says: two variants with instances, one without, and their targets and policies. */
async function open(): Promise<MatrixCall> {
  const store = openStore(makeFolder());
  onTestFinished(() => store.close());
  const instances = { CurrentInstanceCount: 1 };
  const ProductionVariants = [
    { VariantName: 'own', ...instances },
    { VariantName: 'other', ...instances },
    { VariantName: 'serverless' },
  ];
  const times = { created: 1, modified: 1 };
  store.records.insert({
    kind: 'endpoint',
    name: 'e',
    arn: 'e',
    status: 'InService',
    ...times,
    body: { ProductionVariants },
  });
  const table = autoscalingTable({ store, account: { id: '000000000000', region: 'us-east-1' } });
  const call: MatrixCall = async (operation, input) => {
    try {
      return { status: 200, code: undefined, body: await runOperation(table, operation, input, HEAD) };
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { status: error.status, code: error.code, body: error.members };
    }
  };
  for (const target of [own, other]) {
    await call('RegisterScalableTarget', { ...target, ...LIMITS });
    await call('PutScalingPolicy', { ...target, ...POLICY });
  }
  return call;
}

const HEAD = {} as RequestHead;
const pages = (items: string) => ({ request: { ServiceNamespace }, items, limit: 'MaxResults', token: 'NextToken' });

checkMatrix({
  model: 'application-autoscaling',
  open,
  invalid: [INVALID, INVALID],
  rows: {
    RegisterScalableTarget: {
      right: { ...own, MaxCapacity: 2 }, // what is left out stays as it is
      missing: [{ ...none, ...LIMITS }, INVALID],
      conflict: [{ ...own, MinCapacity: 5 }, INVALID],
      paged: 'one answer',
    },
    DescribeScalableTargets: {
      right: { ServiceNamespace, ResourceIds: [own.ResourceId] },
      missing: 'none is an answer',
      conflict: 'it reads',
      paged: pages('ScalableTargets'),
    },
    DeregisterScalableTarget: {
      right: own,
      missing: [none, NOT_FOUND],
      conflict: 'it takes the policies with it',
      paged: 'one answer',
    },
    PutScalingPolicy: {
      right: { ...own, ...POLICY },
      missing: [{ ...none, ...POLICY }, NOT_FOUND],
      conflict: [{ ...own, ...POLICY, PolicyType: 'StepScaling' }, INVALID],
      paged: 'one answer',
    },
    DescribeScalingPolicies: {
      right: { ServiceNamespace, ResourceId: own.ResourceId, PolicyNames: ['p'] },
      missing: 'none is an answer',
      conflict: 'it reads',
      paged: pages('ScalingPolicies'),
    },
    DeleteScalingPolicy: {
      right: { ...own, PolicyName: 'p' },
      missing: [{ ...own, PolicyName: 'none' }, NOT_FOUND],
      conflict: 'it is in use by nothing',
      paged: 'one answer',
    },
  },
});
