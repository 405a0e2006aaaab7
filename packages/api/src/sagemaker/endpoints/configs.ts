/** CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs, DeleteEndpointConfig. */
import { sageMakerArn } from '../../account.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import type { Tag } from '../../store/tags.js';
import { containersOf, hasProduct } from '../models/containers.js';
import { refuseMultiModel } from '../models/multi-model.js';
import { findModel } from '../models/operations.js';
import { createRecord, findRecord, now, removeRecord, type SageMaker, validationError } from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import type { EndpointConfigBody, EndpointConfigMembers, ServerlessConfig } from './shapes.js';

interface NameRequest {
  readonly EndpointConfigName: string;
}

const ENDPOINT_CONFIG = 'endpoint-config';
const SUMMARY = ['EndpointConfigName', 'EndpointConfigArn', 'CreationTime'] as const;
/** They would change what a caller of the endpoint sees and are not available here. */
const NOT_AVAILABLE = ['DataCaptureConfig', 'ExplainerConfig', 'ShadowProductionVariants'] as const;

const METRIC_SECONDS: readonly number[] = [10, 30, 60, 120, 180, 240, 300];
const SERVERLESS_MEMORY_STEP_MB = 1024;

/** @throws ServiceError ValidationException when there is none */
export function findEndpointConfig(sageMaker: SageMaker, name: string): StoredRecord<EndpointConfigBody> {
  return findRecord<EndpointConfigBody>(sageMaker, ENDPOINT_CONFIG, name, (arn) =>
    validationError(`Could not find endpoint configuration "${arn}".`),
  );
}

export function endpointConfigOperations(sageMaker: SageMaker): Readonly<Record<string, Operation>> {
  const { store, account } = sageMaker;
  return {
    CreateEndpointConfig({ Tags, ...config }: EndpointConfigMembers & { readonly Tags?: readonly Tag[] }) {
      checkConfig(sageMaker, config);
      const { EndpointConfigName: name } = config;
      const time = now();
      const body: EndpointConfigBody = {
        ...config,
        // The default of configurations made after 17 June 2026.
        MetricsConfig: { EnableDetailedObservability: true, ...config.MetricsConfig },
        ProductionVariants: config.ProductionVariants.map((variant) => ({ InitialVariantWeight: 1, ...variant })),
        EndpointConfigArn: sageMakerArn(account, ENDPOINT_CONFIG, name),
        CreationTime: time,
      };
      const record = { kind: ENDPOINT_CONFIG, name, created: time, body, tags: Tags };
      const conflict = (arn: string) =>
        validationError(`Cannot create already existing endpoint configuration "${arn}".`);
      return { EndpointConfigArn: store.transaction(() => createRecord(sageMaker, record, conflict)) };
    },

    DescribeEndpointConfig: ({ EndpointConfigName }: NameRequest) =>
      findEndpointConfig(sageMaker, EndpointConfigName).body,

    ListEndpointConfigs(request: ListRequest) {
      const page = listRecords<EndpointConfigBody>(sageMaker, ENDPOINT_CONFIG, request, 'Descending');
      return answerPage(page, 'EndpointConfigs', ({ body }) => pick(body, SUMMARY));
    },

    DeleteEndpointConfig({ EndpointConfigName }: NameRequest) {
      removeRecord(sageMaker, findEndpointConfig(sageMaker, EndpointConfigName));
      return {};
    },
  };
}

// --- internal ---

function checkConfig(sageMaker: SageMaker, config: EndpointConfigMembers): void {
  for (const member of NOT_AVAILABLE) {
    if (config[member] !== undefined) throw validationError(`${member} is not available on this machine.`);
  }
  checkFrequency(config.MetricsConfig?.MetricPublishFrequencyInSeconds);
  const names = config.ProductionVariants.map(({ VariantName }) => VariantName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw validationError(`Each variant must have a name of its own; "${twice}" is used twice.`);
  for (const {
    VariantName,
    ModelName,
    InstanceType,
    InitialInstanceCount,
    ServerlessConfig,
  } of config.ProductionVariants) {
    if (ModelName === undefined) throw validationError(`ProductionVariant ${VariantName} must have a ModelName.`);
    refuseForProducts(sageMaker, ModelName, config, ServerlessConfig !== undefined);
    refuseForManyModels(sageMaker, ModelName, config, ServerlessConfig !== undefined);
    if (ServerlessConfig !== undefined) {
      if (InstanceType !== undefined || InitialInstanceCount !== undefined) {
        throw validationError(
          `ProductionVariant ${VariantName} must have ServerlessConfig, or InstanceType and InitialInstanceCount; received both.`,
        );
      }
      checkServerless(VariantName, ServerlessConfig);
      continue;
    }
    if (InstanceType === undefined || InitialInstanceCount === undefined) {
      throw validationError(
        `ProductionVariant ${VariantName} must have InstanceType and InitialInstanceCount, or ServerlessConfig.`,
      );
    }
  }
  const output = config.AsyncInferenceConfig?.OutputConfig;
  if (output && output.S3OutputPath === undefined) {
    throw validationError('AsyncInferenceConfig.OutputConfig must have S3OutputPath.');
  }
}

/** Source: AWS's API reference, MetricsConfig. */
function checkFrequency(seconds: number | undefined): void {
  if (seconds === undefined || METRIC_SECONDS.includes(seconds)) return;
  throw validationError(
    `MetricsConfig.MetricPublishFrequencyInSeconds must be one of ${METRIC_SECONDS.join(', ')}; received ${seconds}.`,
  );
}

/** Source: AWS's API reference, ProductionVariantServerlessConfig. */
function checkServerless(variant: string, { MemorySizeInMB }: ServerlessConfig): void {
  if (MemorySizeInMB % SERVERLESS_MEMORY_STEP_MB === 0) return;
  throw validationError(
    `ServerlessConfig.MemorySizeInMB of ProductionVariant ${variant} must be 1024, 2048, 3072, 4096, 5120 or 6144; received ${MemorySizeInMB}.`,
  );
}

/** They are for real-time inference alone. @throws ServiceError */
function refuseForManyModels(
  sageMaker: SageMaker,
  modelName: string,
  { AsyncInferenceConfig }: EndpointConfigMembers,
  isServerless: boolean,
): void {
  const containers = containersOf(sageMaker, findModel(sageMaker, modelName).body);
  if (isServerless) refuseMultiModel(containers, 'a serverless variant');
  if (AsyncInferenceConfig) refuseMultiModel(containers, 'asynchronous inference');
}

/** A product has neither asynchronous nor serverless inference. @throws ServiceError also when there is no such model */
function refuseForProducts(
  sageMaker: SageMaker,
  modelName: string,
  { AsyncInferenceConfig }: EndpointConfigMembers,
  isServerless: boolean,
): void {
  const { body } = findModel(sageMaker, modelName);
  if ((!AsyncInferenceConfig && !isServerless) || !hasProduct(sageMaker, body)) return;
  const member = AsyncInferenceConfig ? 'an AsyncInferenceConfig' : 'a ServerlessConfig';
  throw validationError(`Marketplace images are not supported when specifying ${member}.`);
}
