/** Search: training jobs and model packages by any of their properties. */
import { serviceModel, shapeOf } from '../../model/service-model.js';
import type { Operation } from '../../protocol/run-operation.js';
import type { StoredRecord } from '../../store/record.js';
import { sortedPage } from '../../store/sorted-page.js';
import { MODEL_PACKAGE, MODEL_PACKAGE_GROUP } from '../model-packages/lookup.js';
import { type SageMaker, validationError } from '../resources/context.js';
import { TRAINING_JOB } from '../training-jobs/state.js';
import { matches, propertyValues, type SearchExpression } from './filter.js';
import { checkSearch, checkVisibility, type VisibilityCondition } from './rules.js';

interface SearchRequest {
  readonly Resource: string;
  readonly SearchExpression?: SearchExpression;
  readonly SortBy?: string;
  readonly SortOrder?: 'Ascending' | 'Descending';
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly CrossAccountFilterOption?: 'SameAccount' | 'CrossAccount';
  readonly VisibilityConditions?: readonly VisibilityCondition[];
}

/** Of the values of ResourceType, those that can be searched here, with their kind. */
const KINDS: Readonly<Record<string, string>> = {
  TrainingJob: TRAINING_JOB,
  ModelPackage: MODEL_PACKAGE,
  ModelPackageGroup: MODEL_PACKAGE_GROUP,
};

const DEFAULT_MAX_RESULTS = 10;

export function searchOperations(sageMaker: SageMaker): Readonly<Record<string, Operation>> {
  return {
    Search(request: SearchRequest) {
      const {
        Resource,
        SearchExpression,
        VisibilityConditions = [],
        SortBy = 'LastModifiedTime',
        SortOrder = 'Descending',
      } = request;
      const kind = Object.hasOwn(KINDS, Resource) ? KINDS[Resource]! : undefined;
      if (kind === undefined) {
        const known = Object.keys(KINDS).join(', ');
        throw validationError(`Resource must be one of ${known} on this machine; received "${Resource}".`);
      }
      checkSearch(Resource, SearchExpression, request.SortBy);
      checkVisibility(VisibilityConditions);
      const isOthers = request.CrossAccountFilterOption === 'CrossAccount'; // what there is, is of this account
      const found = (isOthers ? [] : sageMaker.store.records.all<object>(kind))
        .map((record) => searchable(sageMaker, record))
        .filter(
          ({ properties }) =>
            VisibilityConditions.every((condition) => isVisible(properties, condition)) &&
            matches(properties, SearchExpression ?? {}),
        );
      const { page, nextToken } = sortedPage(found, {
        key: ({ properties }) => keyOf(propertyValues(properties, SortBy)[0]),
        name: ({ arn }) => arn,
        isDescending: SortOrder === 'Descending',
        maxResults: request.MaxResults ?? DEFAULT_MAX_RESULTS,
        nextToken: request.NextToken || undefined,
        refuse: (token) => validationError(`NextToken must be one of Search; received "${token}".`),
      });
      return {
        Results: page.map((resource) => ({ [Resource]: answerOf(Resource, resource) })),
        ...(nextToken !== undefined && { NextToken: nextToken }),
        TotalHits: { Value: found.length, Relation: 'EqualTo' },
      };
    },
  };
}

// --- internal ---

interface Searchable {
  readonly arn: string;
  readonly body: object;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** With tags and metrics as properties: `Tags.team`, `Metrics.train:sum`. */
  readonly properties: object;
}

/** A resource with another value for the tag is left out; one without it is not. */
function isVisible(properties: object, { Key = '', Value = '' }: VisibilityCondition): boolean {
  return propertyValues(properties, Key).every((value) => value === Value);
}

function searchable({ store }: SageMaker, { body, arn, modified }: StoredRecord<object>): Searchable {
  const tags = store.tags.of(arn);
  const metrics: readonly { MetricName: string; Value: number }[] =
    'FinalMetricDataList' in body && Array.isArray(body.FinalMetricDataList) ? body.FinalMetricDataList : [];
  const properties = {
    LastModifiedTime: modified,
    ...body,
    ...(tags.length > 0 && { Tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])) }),
    Metrics: Object.fromEntries(metrics.map(({ MetricName, Value }) => [MetricName, Value])),
  };
  return { arn, body, tags, properties };
}

/** What has an order of its own; of a structure only whether it is there. */
function keyOf(value: unknown): string | number | undefined {
  return value === undefined || typeof value === 'string' || typeof value === 'number' ? value : String(value);
}

/** The members that the resource has in the answer of Search, which are fewer than those of Describe. */
function answerOf(resource: string, { body, tags }: Searchable): object {
  const { members = {} } = shapeOf(serviceModel('sagemaker'), resource);
  const known = Object.entries(body).filter(([name]) => Object.hasOwn(members, name));
  return { ...Object.fromEntries(known), ...(tags.length > 0 && { Tags: tags }) };
}
