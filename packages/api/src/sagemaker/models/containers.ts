/** The containers of a model: what CreateModel checks of them, and how several of them work together. */
import { type ObjectStore, parseS3Uri } from '../../object-store.js';
import { ServiceError } from '../../service-error.js';
import { isProductImage, refuseProductImage } from '../marketplace/products.js';
import { usableModelPackage } from '../model-packages/lookup.js';
import { type SageMaker, validationError } from '../resources/context.js';
import { checkMultiModel, isMultiModel } from './multi-model.js';
import type { ContainerDefinition } from './shapes.js';

export interface ModelContainers {
  readonly PrimaryContainer?: ContainerDefinition;
  readonly Containers?: readonly ContainerDefinition[];
  /** Serial, the default: a pipeline. Direct: each request names its container. */
  readonly InferenceExecutionConfig?: { readonly Mode: 'Serial' | 'Direct' };
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: boolean;
}

/** Members of a container that would change what it finds or runs and are not available here. */
const NOT_AVAILABLE = ['AdditionalModelDataSources', 'InferenceSpecificationName'] as const;

/** @throws ServiceError ValidationException */
export function checkContainers(sageMaker: SageMaker, model: ModelContainers): void {
  const { PrimaryContainer, Containers = [], InferenceExecutionConfig, ExecutionRoleArn } = model;
  const definitions = PrimaryContainer ? [PrimaryContainer] : Containers;
  if (definitions.length === 0 || (PrimaryContainer && Containers.length > 0)) {
    throw validationError('Exactly one of PrimaryContainer and Containers must be given.');
  }
  for (const container of definitions) {
    refuseProductImage(container.Image, ExecutionRoleArn);
    checkContainer(sageMaker, container);
  }
  if (!model.EnableNetworkIsolation && hasProduct(sageMaker, model)) {
    throw validationError('EnableNetworkIsolation must be true for models using SageMaker Marketplace model packages.');
  }
  const hostnames = definitions.flatMap(({ ContainerHostname }) => ContainerHostname ?? []);
  const isDirect = InferenceExecutionConfig?.Mode === 'Direct';
  if (definitions.length > 1 && hostnames.length > 0 && hostnames.length < definitions.length) {
    throw validationError('ContainerHostname must be given for all containers of a model or for none.');
  }
  if (isDirect && (definitions.length < 2 || hostnames.length === 0)) {
    throw validationError(
      'InferenceExecutionConfig Mode Direct must have two or more Containers, each with a ContainerHostname.',
    );
  }
  checkMultiModel(definitions, isDirect);
  const twice = hostnames.find((name, i) => hostnames.indexOf(name) < i);
  if (twice !== undefined) {
    throw validationError(`Each container must have a ContainerHostname of its own; "${twice}" is used twice.`);
  }
}

/** The containers that run: those of a model package in its place, with the model's variables over its own. */
export function containersOf(sageMaker: SageMaker, model: ModelContainers): readonly ContainerDefinition[] {
  const { PrimaryContainer, Containers = [] } = model;
  return (PrimaryContainer ? [PrimaryContainer] : Containers).flatMap((container) => {
    if (container.ModelPackageName === undefined) return [container];
    const packaged = usableModelPackage(sageMaker, container.ModelPackageName).InferenceSpecification!.Containers;
    return packaged.map((definition) => ({
      ...(definition as ContainerDefinition),
      ModelPackageName: container.ModelPackageName!,
      Environment: { ...definition.Environment, ...container.Environment },
    }));
  });
}

/** Whether a container is that of a product of AWS Marketplace, or of a package made of one. */
export function hasProduct(sageMaker: SageMaker, model: ModelContainers): boolean {
  return containersOf(sageMaker, model).some(({ Image }) => isProductImage(Image));
}

/** As the service has it in logs and errors. */
export function containerNames(containers: readonly ContainerDefinition[]): readonly string[] {
  if (containers.length === 1) return ['primary'];
  return containers.map(({ ContainerHostname }, i) => ContainerHostname ?? `container-${i + 1}`);
}

// --- internal ---

function checkContainer(sageMaker: SageMaker, container: ContainerDefinition): void {
  const { Image, ModelPackageName } = container;
  for (const member of NOT_AVAILABLE) {
    if (container[member] !== undefined) throw validationError(`${member} is not available on this machine.`);
  }
  if ((Image === undefined) === (ModelPackageName === undefined)) {
    throw validationError('The container must have exactly one of Image and ModelPackageName.');
  }
  if (ModelPackageName !== undefined) usableModelPackage(sageMaker, ModelPackageName);
  if (Image === undefined) return;
  const problem = sageMaker.programs.problem(Image);
  if (problem !== undefined) throw validationError(`Cannot find repository: ${problem}`);
  if (!isMultiModel(container)) checkModelData(sageMaker.objects, container);
}

function checkModelData(objects: ObjectStore, { ModelDataUrl, ModelDataSource }: ContainerDefinition): void {
  if (ModelDataUrl !== undefined && ModelDataSource !== undefined) {
    throw validationError('The container must have only one of ModelDataUrl and ModelDataSource.');
  }
  const source = ModelDataSource?.S3DataSource;
  if (source?.S3DataType === 'S3Prefix') return;
  const url = ModelDataUrl ?? source?.S3Uri;
  if (url !== undefined && !hasObject(objects, url)) throw validationError(`Could not find model data at ${url}.`);
}

function hasObject(objects: ObjectStore, url: string): boolean {
  const place = parseS3Uri(url);
  if (!place) return false;
  try {
    return objects.fileOf(place.bucket, place.key) !== undefined;
  } catch (error) {
    if (error instanceof ServiceError) return false;
    throw error;
  }
}
