/** CreateModelPackage, DescribeModelPackage, ListModelPackages, UpdateModelPackage, DeleteModelPackage, and in batches. */

import { sageMakerArn } from '../../account.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import type { Tag } from '../../store/tags.js';
import { scanStatuses } from '../marketplace/status-details.js';
import {
  createRecord,
  now,
  type RunningSageMaker,
  removeRecord,
  requireSettled,
  validationError,
} from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { nextVersion } from './groups.js';
import { findModelPackage, findModelPackageGroup, findOwnModelPackage, MODEL_PACKAGE } from './lookup.js';
import { checkModelPackage } from './rules.js';
import type { ModelPackageBody, ModelPackageMembers } from './shapes.js';

interface CreateRequest extends ModelPackageMembers {
  readonly ClientToken?: string;
  readonly Tags?: readonly Tag[];
}

interface ListPackagesRequest extends ListRequest {
  readonly ModelPackageGroupName?: string;
  readonly ModelPackageType?: 'Versioned' | 'Unversioned' | 'Both';
  readonly ModelApprovalStatus?: string;
}

interface UpdateRequest extends Omit<ModelPackageMembers, 'ModelPackageName'> {
  readonly ModelPackageArn: string;
  readonly ClientToken?: string;
  readonly CustomerMetadataPropertiesToRemove?: readonly string[];
  readonly AdditionalInferenceSpecificationsToAdd?: readonly unknown[];
}

interface NameRequest {
  readonly ModelPackageName: string;
  readonly IncludedData?: unknown;
}

const SUMMARY = [
  ...(['ModelPackageName', 'ModelPackageGroupName', 'ModelPackageVersion', 'ModelPackageArn', 'CreationTime'] as const),
  ...(['ModelPackageDescription', 'ModelPackageStatus', 'ModelApprovalStatus'] as const),
];

const BATCH = [
  ...(['ModelPackageGroupName', 'ModelPackageVersion', 'ModelPackageArn', 'ModelPackageDescription'] as const),
  ...(['CreationTime', 'InferenceSpecification', 'ModelPackageStatus', 'ModelApprovalStatus'] as const),
];

export function modelPackageOperations(sageMaker: RunningSageMaker): Readonly<Record<string, Operation>> {
  const { store, scheduler } = sageMaker;
  return {
    CreateModelPackage({ Tags, ClientToken, ...request }: CreateRequest) {
      const repeated = ClientToken === undefined ? undefined : findByToken(sageMaker, ClientToken);
      if (repeated) return { ModelPackageArn: repeated.arn };
      const InferenceSpecification = checkModelPackage(sageMaker, request);
      const ModelPackageArn = store.transaction(() =>
        insertPackage(sageMaker, { ...request, InferenceSpecification }, ClientToken, Tags),
      );
      scheduler.wake();
      return { ModelPackageArn };
    },

    DescribeModelPackage: ({ ModelPackageName }: NameRequest) =>
      answerOf(findModelPackage(sageMaker, ModelPackageName)),

    ListModelPackages(request: ListPackagesRequest) {
      const { ModelPackageGroupName: group, ModelApprovalStatus } = request;
      const type = request.ModelPackageType ?? (group === undefined ? 'Unversioned' : 'Both');
      const page = listRecords<ModelPackageBody>(sageMaker, MODEL_PACKAGE, request, 'Ascending', {
        '$.ModelPackageGroupName': group && findModelPackageGroup(sageMaker, group).name,
        '$.ModelApprovalStatus': ModelApprovalStatus,
        '$.Internal.type': type === 'Both' ? undefined : type,
      });
      return answerPage(page, 'ModelPackageSummaryList', ({ body }) => pick(body, SUMMARY));
    },

    UpdateModelPackage(request: UpdateRequest) {
      return store.transaction(() => {
        const record = findOwnModelPackage(sageMaker, request.ModelPackageArn);
        const time = now();
        const body = { ...changedBody(record.body, request), LastModifiedTime: time };
        store.records.update({ ...record, modified: time, body });
        return { ModelPackageArn: record.arn };
      });
    },

    DeleteModelPackage({ ModelPackageName }: NameRequest) {
      const record = findOwnModelPackage(sageMaker, ModelPackageName);
      requireSettled(record);
      removeRecord(sageMaker, record);
      return {};
    },

    BatchDescribeModelPackage({ ModelPackageArnList }: { readonly ModelPackageArnList: readonly string[] }) {
      const found = ModelPackageArnList.map((arn) => [arn, store.records.findByArn(arn)] as const);
      const isVersion = (record: (typeof found)[number][1]) =>
        record?.kind === MODEL_PACKAGE && record.name.includes('/');
      const summaries = found.flatMap(([arn, record]) =>
        record && isVersion(record) ? [[arn, pick(record.body as ModelPackageBody, BATCH)]] : [],
      );
      const errors = found.flatMap(([arn, record]) =>
        isVersion(record)
          ? []
          : [[arn, { ErrorCode: 'ResourceNotFound', ErrorResponse: `ModelPackage ${arn} does not exist.` }]],
      );
      return {
        ModelPackageSummaries: Object.fromEntries(summaries),
        BatchDescribeModelPackageErrorMap: Object.fromEntries(errors),
      };
    },
  };
}

// --- internal ---

function answerOf({ body }: StoredRecord<ModelPackageBody>): object {
  const { Internal: _, ...answer } = body;
  return answer;
}

function findByToken({ store }: RunningSageMaker, token: string): StoredRecord<ModelPackageBody> | undefined {
  const query = { kind: MODEL_PACKAGE, sortBy: 'name', isDescending: false, maxResults: 1 } as const;
  return store.records.list<ModelPackageBody>({ ...query, bodyEquals: { '$.Internal.clientToken': token } }).items[0];
}

/** In a transaction of the caller's. */
function insertPackage(
  sageMaker: RunningSageMaker,
  request: ModelPackageMembers,
  clientToken: string | undefined,
  tags: readonly Tag[] | undefined,
): string {
  const { ModelPackageGroupName: group, ModelPackageName, ModelApprovalStatus = 'PendingManualApproval' } = request;
  const version = group === undefined ? undefined : nextVersion(sageMaker, group);
  const name = version === undefined ? ModelPackageName! : `${version.group}/${version.number}`;
  const profiles = request.ValidationSpecification?.ValidationProfiles ?? [];
  const status = profiles.length === 0 ? 'Completed' : 'Pending';
  const created = now();
  const body: ModelPackageBody = {
    ...request,
    ...(version && {
      ModelPackageGroupName: version.group,
      ModelPackageVersion: version.number,
      ModelApprovalStatus,
    }),
    ModelPackageArn: sageMakerArn(sageMaker.account, MODEL_PACKAGE, name),
    CreationTime: created,
    ModelPackageStatus: status,
    ModelPackageStatusDetails: {
      ValidationStatuses: profiles.map(({ ProfileName }) => ({ Name: ProfileName, Status: 'NotStarted' })),
      ImageScanStatuses: scanStatuses(
        request.CertifyForMarketplace ?? false,
        name,
        status === 'Pending' ? 'NotStarted' : 'Completed',
      ),
    },
    Internal: { type: version ? 'Versioned' : 'Unversioned', ...(clientToken !== undefined && { clientToken }) },
  };
  const arn = createRecord(sageMaker, { kind: MODEL_PACKAGE, name, status, created, body, tags }, (taken) =>
    validationError(`Model package with ARN ${taken} already exists.`),
  );
  if (status === 'Pending') sageMaker.store.work.add({ kind: MODEL_PACKAGE, name });
  return arn;
}

function changedBody(body: ModelPackageBody, request: UpdateRequest): ModelPackageBody {
  const { CustomerMetadataProperties, CustomerMetadataPropertiesToRemove = [], ...more } = request;
  const { ModelPackageArn: _, ClientToken: __, AdditionalInferenceSpecificationsToAdd: added = [], ...changes } = more;
  if (request.ModelApprovalStatus !== undefined && body.Internal.type === 'Unversioned') {
    throw validationError('ModelApprovalStatus must not be given for an unversioned model package.');
  }
  const { CustomerMetadataProperties: earlier, ...unchanged } = body;
  const metadata = { ...earlier, ...CustomerMetadataProperties };
  const kept = Object.entries(metadata).filter(([key]) => !CustomerMetadataPropertiesToRemove.includes(key));
  const specifications = [...(body.AdditionalInferenceSpecifications ?? []), ...added];
  return {
    ...unchanged,
    ...changes,
    ...(kept.length > 0 && { CustomerMetadataProperties: Object.fromEntries(kept) }),
    ...(specifications.length > 0 && { AdditionalInferenceSpecifications: specifications }),
  };
}
