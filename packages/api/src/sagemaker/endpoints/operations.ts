/** CreateEndpoint, DescribeEndpoint, ListEndpoints, UpdateEndpoint, UpdateEndpointWeightsAndCapacities, DeleteEndpoint. */
import { sageMakerArn } from '../../account.js';
import { lasting } from '../../protocol/lasting-answer.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import type { Tag } from '../../store/tags.js';
import { defineModels } from '../models/served.js';
import { createRecord, now, type SageMaker, validationError } from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { findEndpointConfig } from './configs.js';
import type { Hosting } from './hosting.js';
import { checkEndpointQuotas } from './quotas.js';
import { change, findEndpoint } from './record.js';
import { type Deployment, ENDPOINT, type EndpointBody, type KeptVariant } from './shapes.js';

interface NameRequest {
  readonly EndpointName: string;
}

interface DeployRequest extends NameRequest {
  readonly EndpointConfigName: string;
  readonly DeploymentConfig?: unknown;
}

interface UpdateRequest extends DeployRequest {
  readonly RetainAllVariantProperties?: boolean;
  readonly ExcludeRetainedVariantProperties?: readonly { readonly VariantPropertyType: string }[];
  readonly RetainDeploymentConfig?: boolean;
}

interface CreateRequest extends DeployRequest {
  readonly Tags?: readonly Tag[];
}

interface WeightsRequest extends NameRequest {
  readonly DesiredWeightsAndCapacities: readonly {
    readonly VariantName: string;
    readonly DesiredWeight?: number;
    readonly DesiredInstanceCount?: number;
  }[];
}

const SUMMARY = ['EndpointName', 'EndpointArn', 'CreationTime', 'LastModifiedTime', 'EndpointStatus'] as const;

export function endpointOperations(sageMaker: SageMaker, hosting: Hosting): Readonly<Record<string, Operation>> {
  const { store, account } = sageMaker;
  const find = (name: string): StoredRecord<EndpointBody> => {
    const record = findEndpoint(sageMaker, name);
    if (record) return record;
    throw validationError(`Could not find endpoint "${sageMakerArn(account, ENDPOINT, name)}".`);
  };
  const findSettled = (name: string) => {
    const record = find(name);
    if (record.status === 'InService' || record.status === 'Failed') return record;
    throw validationError(`Cannot update in-progress endpoint "${record.arn}".`);
  };
  return {
    CreateEndpoint({ EndpointName: name, EndpointConfigName, DeploymentConfig, Tags }: CreateRequest) {
      const deployment = deploymentOf(sageMaker, EndpointConfigName);
      const time = now();
      const body: EndpointBody = {
        ...deployment,
        EndpointName: name,
        EndpointArn: sageMakerArn(account, ENDPOINT, name),
        EndpointConfigName,
        EndpointStatus: 'Creating',
        ...(DeploymentConfig !== undefined && { LastDeploymentConfig: DeploymentConfig }),
        ...{ CreationTime: time, LastModifiedTime: time },
      };
      const record = { kind: ENDPOINT, name, status: 'Creating', created: time, body, tags: Tags };
      const conflict = (arn: string) => validationError(`Cannot create already existing endpoint "${arn}".`);
      const EndpointArn = store.transaction(() => {
        checkEndpointQuotas(sageMaker, name, deployment);
        return createRecord(sageMaker, record, conflict);
      });
      hosting.deploy(name);
      return { EndpointArn };
    },

    DescribeEndpoint({ EndpointName }: NameRequest) {
      return describe(find(EndpointName).body);
    },

    ListEndpoints(request: ListRequest) {
      const page = listRecords<EndpointBody>(sageMaker, ENDPOINT, request, 'Descending');
      return answerPage(page, 'Endpoints', ({ body }) => pick(body, SUMMARY));
    },

    UpdateEndpoint(request: UpdateRequest) {
      const { EndpointName, EndpointConfigName, DeploymentConfig } = request;
      const { arn, status, body } = findSettled(EndpointName);
      const deployment = deploymentOf(sageMaker, EndpointConfigName);
      if (status === 'Failed') throw validationError(`Cannot update endpoint "${arn}" in status Failed.`);
      const last = DeploymentConfig ?? (request.RetainDeploymentConfig ? body.LastDeploymentConfig : undefined);
      const Update = { ...deployment, Kept: keptVariants(body, request) };
      checkEndpointQuotas(sageMaker, EndpointName, Update, Update.Kept);
      change(sageMaker, EndpointName, 'Updating', { LastDeploymentConfig: last, Update });
      hosting.deploy(EndpointName);
      return { EndpointArn: arn };
    },

    UpdateEndpointWeightsAndCapacities({ EndpointName, DesiredWeightsAndCapacities }: WeightsRequest) {
      const { arn, body } = findSettled(EndpointName);
      const variants = body.ProductionVariants ?? [];
      for (const { VariantName } of DesiredWeightsAndCapacities) {
        if (variants.some((variant) => variant.VariantName === VariantName)) continue;
        throw validationError(`Could not find variant "${VariantName}" of endpoint "${arn}".`);
      }
      const ProductionVariants = variants.map((variant) => {
        const desired = DesiredWeightsAndCapacities.find(({ VariantName }) => VariantName === variant.VariantName);
        const weight = desired?.DesiredWeight ?? variant.CurrentWeight;
        const count = desired?.DesiredInstanceCount ?? variant.CurrentInstanceCount;
        return {
          ...variant,
          ...{ CurrentWeight: weight, DesiredWeight: weight },
          ...(count !== undefined && { CurrentInstanceCount: count, DesiredInstanceCount: count }),
        };
      });
      checkEndpointQuotas(sageMaker, EndpointName, body, ProductionVariants);
      change(sageMaker, EndpointName, body.EndpointStatus, { ProductionVariants });
      return { EndpointArn: arn };
    },

    DeleteEndpoint({ EndpointName }: NameRequest) {
      findSettled(EndpointName);
      change(sageMaker, EndpointName, 'Deleting', {});
      hosting.remove(EndpointName);
      return {};
    },
  };
}

// --- internal ---

const describe = lasting(({ Config: _, Models: __, Update: ___, ...answer }: EndpointBody) => answer);

/** @throws ServiceError ValidationException when the configuration or a model of it is not there */
function deploymentOf(sageMaker: SageMaker, configName: string): Required<Deployment> {
  const Config = findEndpointConfig(sageMaker, configName).body;
  return { Config, Models: defineModels(sageMaker, Config.ProductionVariants) };
}

/** Weights and instance counts that an update keeps. */
function keptVariants(
  { ProductionVariants = [] }: EndpointBody,
  { RetainAllVariantProperties, ExcludeRetainedVariantProperties = [] }: UpdateRequest,
): readonly KeptVariant[] {
  if (!RetainAllVariantProperties) return [];
  const excluded = ExcludeRetainedVariantProperties.map(({ VariantPropertyType }) => VariantPropertyType);
  return ProductionVariants.map(({ VariantName, CurrentWeight, CurrentInstanceCount }) => ({
    VariantName,
    ...(!excluded.includes('DesiredWeight') && { CurrentWeight }),
    ...(!excluded.includes('DesiredInstanceCount') && CurrentInstanceCount !== undefined && { CurrentInstanceCount }),
  }));
}
