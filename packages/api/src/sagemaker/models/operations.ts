/** CreateModel, DescribeModel, ListModels, DeleteModel. */
import { sageMakerArn } from '../../account.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import type { Tag } from '../../store/tags.js';
import { createRecord, findRecord, now, removeRecord, type SageMaker, validationError } from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { checkContainers, type ModelContainers } from './containers.js';

interface CreateModelRequest extends ModelContainers {
  readonly ModelName: string;
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
      if (request.ExecutionRoleArn === undefined) {
        throw validationError('ExecutionRoleArn must be given for a model with containers.');
      }
      checkContainers(sageMaker, request);
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
