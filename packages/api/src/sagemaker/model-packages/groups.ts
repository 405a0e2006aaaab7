/** CreateModelPackageGroup, DescribeModelPackageGroup, ListModelPackageGroups, DeleteModelPackageGroup. */
import { sageMakerArn } from '../../account.js';
import type { Operation } from '../../protocol/run-operation.js';
import { ServiceError } from '../../service-error.js';
import type { Tag } from '../../store/tags.js';
import { createRecord, now, removeRecord, type SageMaker, validationError } from '../resources/context.js';
import { answerPage, type ListRequest, listRecords, pick } from '../resources/list.js';
import { findModelPackageGroup, MODEL_PACKAGE, MODEL_PACKAGE_GROUP } from './lookup.js';
import type { ModelPackageGroupBody } from './shapes.js';

interface NameRequest {
  readonly ModelPackageGroupName: string;
}

interface CreateRequest extends NameRequest {
  readonly ModelPackageGroupDescription?: string;
  readonly ManagedConfiguration?: unknown;
  readonly Tags?: readonly Tag[];
}

const SUMMARY = [
  ...(['ModelPackageGroupName', 'ModelPackageGroupArn', 'ModelPackageGroupDescription'] as const),
  ...(['CreationTime', 'ModelPackageGroupStatus'] as const),
];

/** Counts up: a version's number is never used again. In a transaction of the caller's, which makes the version. */
export function nextVersion(
  sageMaker: SageMaker,
  arnOrName: string,
): { readonly group: string; readonly number: number } {
  const record = findModelPackageGroup(sageMaker, arnOrName);
  const number = record.body.LastVersion + 1;
  sageMaker.store.records.update({ ...record, body: { ...record.body, LastVersion: number } });
  return { group: record.name, number };
}

export function modelPackageGroupOperations(sageMaker: SageMaker): Readonly<Record<string, Operation>> {
  const { store, account } = sageMaker;
  return {
    CreateModelPackageGroup({ ModelPackageGroupName: name, Tags, ...more }: CreateRequest) {
      if (more.ManagedConfiguration !== undefined) {
        throw validationError('ManagedConfiguration is not available on this machine.');
      }
      const created = now();
      const body: ModelPackageGroupBody = {
        ...more,
        ModelPackageGroupName: name,
        ModelPackageGroupArn: sageMakerArn(account, MODEL_PACKAGE_GROUP, name),
        CreationTime: created,
        CreatedBy: {},
        ModelPackageGroupStatus: 'Completed',
        LastVersion: 0,
      };
      const record = { kind: MODEL_PACKAGE_GROUP, name, status: 'Completed', created, body, tags: Tags };
      const conflict = (arn: string) => validationError(`Model Package Group already exists: ${arn}`);
      return { ModelPackageGroupArn: store.transaction(() => createRecord(sageMaker, record, conflict)) };
    },

    DescribeModelPackageGroup({ ModelPackageGroupName }: NameRequest) {
      const { LastVersion: _, ...answer } = findModelPackageGroup(sageMaker, ModelPackageGroupName).body;
      return answer;
    },

    ListModelPackageGroups(request: ListRequest) {
      const page = listRecords<ModelPackageGroupBody>(sageMaker, MODEL_PACKAGE_GROUP, request, 'Ascending');
      return answerPage(page, 'ModelPackageGroupSummaryList', ({ body }) => pick(body, SUMMARY));
    },

    DeleteModelPackageGroup({ ModelPackageGroupName }: NameRequest) {
      const group = findModelPackageGroup(sageMaker, ModelPackageGroupName);
      const { items } = listRecords(sageMaker, MODEL_PACKAGE, { MaxResults: 1 }, 'Ascending', {
        '$.ModelPackageGroupName': group.name,
      });
      if (items.length > 0) {
        throw new ServiceError(
          'ConflictException',
          `Model Package Group ${group.arn} must be empty to be deleted; it has ${items[0]!.arn}.`,
        );
      }
      removeRecord(sageMaker, group);
      return {};
    },
  };
}
