/** CreateModel, DescribeModel, ListModels, DeleteModel. */
import { sageMakerArn } from '../account.js';
import { type ObjectStore, parseS3Uri } from '../object-store.js';
import type { Operation } from '../protocol/json.js';
import { ServiceError } from '../service-error.js';
import type { StoredRecord } from '../store/record.js';
import type { Tag } from '../store/tags.js';
import { createRecord, findRecord, now, removeRecord, type SageMaker, validationError } from './context.js';
import { answerPage, type ListRequest, listRecords, pick } from './list.js';
import { usableModelPackage } from './model-package-lookup.js';

export interface ContainerDefinition {
  readonly Image?: string;
  readonly Mode?: 'SingleModel' | 'MultiModel';
  readonly ModelDataUrl?: string;
  readonly ModelDataSource?: {
    readonly S3DataSource?: {
      readonly S3Uri: string;
      readonly S3DataType: 'S3Prefix' | 'S3Object';
      readonly CompressionType: 'None' | 'Gzip';
    };
  };
  readonly Environment?: Readonly<Record<string, string>>;
  readonly ModelPackageName?: string;
  readonly [member: string]: unknown;
}

interface CreateModelRequest {
  readonly ModelName: string;
  readonly PrimaryContainer?: ContainerDefinition;
  readonly Containers?: readonly ContainerDefinition[];
  readonly ExecutionRoleArn?: string;
  readonly EnableNetworkIsolation?: boolean;
  readonly Tags?: readonly Tag[];
}

/** What DescribeModel answers. */
export interface ModelBody extends Omit<CreateModelRequest, 'Tags'> {
  readonly ModelArn: string;
  readonly CreationTime: number;
}

interface NameRequest {
  readonly ModelName: string;
}

export const MODEL = 'model';

/** @throws ServiceError ValidationException when there is none */
export function findModel(sageMaker: SageMaker, name: string): StoredRecord<ModelBody> {
  return findRecord<ModelBody>(sageMaker, MODEL, name, (arn) => validationError(`Could not find model "${arn}".`));
}

export function modelOperations(sageMaker: SageMaker): Readonly<Record<string, Operation>> {
  const { store, account } = sageMaker;
  return {
    CreateModel({ Tags, ...request }: CreateModelRequest) {
      const { ModelName: name } = request;
      const container = theContainer(request);
      checkContainer(sageMaker, container, request.ExecutionRoleArn);
      const time = now();
      const body: ModelBody = {
        ...request,
        EnableNetworkIsolation: request.EnableNetworkIsolation ?? false,
        ModelArn: sageMakerArn(account, MODEL, name),
        CreationTime: time,
      };
      const record = { kind: MODEL, name, created: time, body, tags: Tags };
      const conflict = (arn: string) => validationError(`Cannot create already existing model "${arn}".`);
      return { ModelArn: store.transaction(() => createRecord(sageMaker, record, conflict)) };
    },

    DescribeModel: ({ ModelName }: NameRequest) => findModel(sageMaker, ModelName).body,

    ListModels(request: ListRequest) {
      const page = listRecords<ModelBody>(sageMaker, MODEL, request, 'Descending');
      return answerPage(page, 'Models', ({ body }) => pick(body, ['ModelName', 'ModelArn', 'CreationTime']));
    },

    DeleteModel({ ModelName }: NameRequest) {
      removeRecord(sageMaker, findModel(sageMaker, ModelName));
      return {};
    },
  };
}

/** The one container of a model: pipelines of several are not available here. */
export function theContainer({
  PrimaryContainer,
  Containers = [],
}: Omit<CreateModelRequest, 'Tags'>): ContainerDefinition {
  const all = [...(PrimaryContainer ? [PrimaryContainer] : []), ...Containers];
  const [only] = all;
  if (all.length === 1 && only) return only;
  throw validationError(`A model must have one container on this machine; received ${all.length}.`);
}

// --- internal ---

function checkContainer(sageMaker: SageMaker, container: ContainerDefinition, role: string | undefined): void {
  const { Image, ModelPackageName, Mode } = container;
  if (role === undefined) throw validationError('ExecutionRoleArn must be given for a model with containers.');
  if ((Image === undefined) === (ModelPackageName === undefined)) {
    throw validationError('The container must have exactly one of Image and ModelPackageName.');
  }
  if (Mode === 'MultiModel') throw validationError('Mode MultiModel is not available on this machine.');
  if (ModelPackageName !== undefined) usableModelPackage(sageMaker, ModelPackageName);
  if (Image === undefined) return;
  const problem = sageMaker.programs.problem(Image);
  if (problem !== undefined) throw validationError(`Cannot find repository: ${problem}`);
  checkModelData(sageMaker.objects, container);
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
