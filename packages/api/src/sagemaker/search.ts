/** Search: training jobs and model packages by any of their properties. */
import { serviceModel, shapeOf } from '../model/service-model.js';
import type { Operation } from '../protocol/run-operation.js';
import type { StoredRecord } from '../store/record.js';
import { type SageMaker, validationError } from './context.js';
import { MODEL_PACKAGE, MODEL_PACKAGE_GROUP } from './model-package-lookup.js';
import { matches, propertyValues, type SearchExpression } from './search-filter.js';
import { TRAINING_JOB } from './training-job-state.js';

interface SearchRequest {
  readonly Resource: string;
  readonly SearchExpression?: SearchExpression;
  readonly SortBy?: string;
  readonly SortOrder?: 'Ascending' | 'Descending';
  readonly NextToken?: string;
  readonly MaxResults?: number;
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
      const { Resource, SearchExpression = {}, SortBy = 'LastModifiedTime', SortOrder = 'Descending' } = request;
      const kind = Object.hasOwn(KINDS, Resource) ? KINDS[Resource]! : undefined;
      if (kind === undefined) {
        const known = Object.keys(KINDS).join(', ');
        throw validationError(`Resource must be one of ${known} on this machine; received "${Resource}".`);
      }
      const found = sageMaker.store.records
        .all<object>(kind)
        .map((record) => searchable(sageMaker, record))
        .filter((resource) => matches(resource.properties, SearchExpression));
      const sorted = sort(found, SortBy, SortOrder === 'Descending');
      const start = readOffset(request.NextToken);
      const end = start + (request.MaxResults ?? DEFAULT_MAX_RESULTS);
      return {
        Results: sorted.slice(start, end).map((resource) => ({ [Resource]: answerOf(Resource, resource) })),
        ...(end < sorted.length && { NextToken: Buffer.from(`search:${end}`).toString('base64') }),
        TotalHits: { Value: sorted.length, Relation: 'EqualTo' },
      };
    },
  };
}

// --- internal ---

interface Searchable {
  readonly body: object;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
  /** With tags and metrics as properties: `Tags.team`, `Metrics.train:sum`. */
  readonly properties: object;
}

function searchable({ store }: SageMaker, { body, arn, modified }: StoredRecord<object>): Searchable {
  const tags = store.tags.of(arn);
  const metrics: readonly { MetricName: string; Value: number }[] =
    'FinalMetricDataList' in body && Array.isArray(body.FinalMetricDataList) ? body.FinalMetricDataList : [];
  const properties = {
    LastModifiedTime: modified,
    ...body,
    Tags: Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])),
    Metrics: Object.fromEntries(metrics.map(({ MetricName, Value }) => [MetricName, Value])),
  };
  return { body, tags, properties };
}

function sort(found: readonly Searchable[], path: string, isDescending: boolean): readonly Searchable[] {
  const keyed = found.map((resource) => [propertyValues(resource.properties, path)[0], resource] as const);
  const direction = isDescending ? -1 : 1;
  return keyed
    .toSorted(([a], [b]) => {
      if (a === b) return 0;
      if (a === undefined || b === undefined) return a === undefined ? 1 : -1; // what has no value comes last
      return (a as string) < (b as string) ? -direction : direction;
    })
    .map(([, resource]) => resource);
}

/** The members that the resource has in the answer of Search, which are fewer than those of Describe. */
function answerOf(resource: string, { body, tags }: Searchable): object {
  const { members = {} } = shapeOf(serviceModel('sagemaker'), resource);
  const known = Object.entries(body).filter(([name]) => Object.hasOwn(members, name));
  return { ...Object.fromEntries(known), ...(tags.length > 0 && { Tags: tags }) };
}

function readOffset(token: string | undefined): number {
  if (!token) return 0;
  const found = /^search:(\d{1,9})$/.exec(Buffer.from(token, 'base64').toString('utf8'));
  if (found) return Number(found[1]);
  throw validationError(`NextToken must be one of Search; received "${token}".`);
}
