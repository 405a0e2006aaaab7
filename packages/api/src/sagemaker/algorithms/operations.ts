/** CreateAlgorithm, DescribeAlgorithm, ListAlgorithms, DeleteAlgorithm. */
import { sageMakerArn } from '../../account.js';
import { productOf } from '../../catalog/listed-assets.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import { checkMetrics } from '../definitions/metrics.js';
import { refuseProductImage } from '../marketplace/products.js';
import { scanStatuses } from '../marketplace/status-details.js';
import {
  createRecord,
  now,
  type RunningSageMaker,
  removeRecord,
  requireSettled,
  type SageMaker,
  validationError,
} from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { ALGORITHM, findAlgorithm } from './lookup.js';
import type { AlgorithmBody, CreateAlgorithmRequest } from './shapes.js';

interface NameRequest {
  readonly AlgorithmName: string;
}

export function algorithmOperations(sageMaker: RunningSageMaker): Readonly<Record<string, Operation>> {
  const { store, account, scheduler } = sageMaker;
  return {
    CreateAlgorithm({ Tags, ...request }: CreateAlgorithmRequest) {
      checkAlgorithm(sageMaker, request);
      for (const image of imagesOf(request)) {
        refuseProductImage(image, request.ValidationSpecification?.ValidationRole);
      }
      const { AlgorithmName: name } = request;
      const profiles = request.ValidationSpecification?.ValidationProfiles ?? [];
      const status = profiles.length === 0 ? 'Completed' : 'Pending';
      const time = now();
      const body: AlgorithmBody = {
        ...request,
        AlgorithmArn: sageMakerArn(account, ALGORITHM, name),
        CreationTime: time,
        AlgorithmStatus: status,
        AlgorithmStatusDetails: {
          ValidationStatuses: profiles.map(({ ProfileName }) => ({ Name: ProfileName, Status: 'NotStarted' })),
          ImageScanStatuses: scanStatuses(
            request.CertifyForMarketplace ?? false,
            name,
            status === 'Pending' ? 'NotStarted' : 'Completed',
          ),
        },
      };
      const record = { kind: ALGORITHM, name, status, created: time, body, tags: Tags };
      const conflict = (arn: string) => validationError(`Algorithm with ARN ${arn} already exists.`);
      const AlgorithmArn = store.transaction(() => {
        const arn = createRecord(sageMaker, record, conflict);
        if (status === 'Pending') store.work.add({ kind: ALGORITHM, name });
        return arn;
      });
      scheduler.wake();
      return { AlgorithmArn };
    },

    DescribeAlgorithm({ AlgorithmName }: NameRequest) {
      const { body, arn } = findAlgorithm(sageMaker, AlgorithmName);
      const ProductId = productOf(sageMaker.store, arn);
      return { ...body, ...(ProductId !== undefined && { ProductId }) };
    },

    ListAlgorithms(request: ListRequest) {
      const page = listRecords<AlgorithmBody>(sageMaker, ALGORITHM, request, 'Ascending');
      return answerPage(page, 'AlgorithmSummaryList', summarize);
    },

    DeleteAlgorithm({ AlgorithmName }: NameRequest) {
      const algorithm = findAlgorithm(sageMaker, AlgorithmName);
      requireSettled(algorithm);
      removeRecord(sageMaker, algorithm);
      return {};
    },
  };
}

// --- internal ---

function summarize({ body }: StoredRecord<AlgorithmBody>): object {
  return pick(body, ['AlgorithmName', 'AlgorithmArn', 'AlgorithmDescription', 'CreationTime', 'AlgorithmStatus']);
}

function imagesOf({ TrainingSpecification, InferenceSpecification }: CreateAlgorithmRequest) {
  return [TrainingSpecification.TrainingImage, ...(InferenceSpecification?.Containers ?? []).map(({ Image }) => Image)];
}

/** Rules that AWS documents and its model has not. */
function checkAlgorithm({ programs }: SageMaker, { TrainingSpecification }: CreateAlgorithmRequest): void {
  const { TrainingImage, SupportedHyperParameters = [], TrainingChannels, MetricDefinitions } = TrainingSpecification;
  const problem = programs.problem(TrainingImage);
  if (problem !== undefined) throw validationError(`Cannot find repository: ${problem}`);
  checkMetrics(MetricDefinitions);
  for (const [what, names] of [
    ['hyperparameter', SupportedHyperParameters.map(({ Name }) => Name)],
    ['channel', TrainingChannels.map(({ Name }) => Name)],
  ] as const) {
    const twice = names.find((name, i) => names.indexOf(name) < i);
    if (twice !== undefined)
      throw validationError(`Each ${what} must have a name of its own; "${twice}" is used twice.`);
  }
  for (const { Name, IsRequired, DefaultValue } of SupportedHyperParameters) {
    if (!IsRequired || DefaultValue === undefined) continue;
    throw validationError(`Hyperparameter "${Name}" must not be required: it has the default "${DefaultValue}".`);
  }
  for (const { Name, SupportedInputModes } of TrainingChannels) {
    if (!SupportedInputModes.includes('FastFile')) continue;
    throw validationError(`Channel "${Name}": SupportedInputModes must be File, Pipe or both; received FastFile.`);
  }
}
