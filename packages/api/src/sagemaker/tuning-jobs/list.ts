/** A page of a tuning job's training jobs: their orders and filter. */
import { sortedPage } from '../../store/sorted-page.js';
import { validationError } from '../resources/context.js';
import type { TrainingJobSummary } from './shapes.js';

export interface TrainingJobsRequest {
  readonly HyperParameterTuningJobName: string;
  readonly NextToken?: string;
  readonly MaxResults?: number;
  readonly StatusEquals?: string;
  readonly SortBy?: 'Name' | 'CreationTime' | 'Status' | 'FinalObjectiveMetricValue';
  readonly SortOrder?: 'Ascending' | 'Descending';
}

const DEFAULT_MAX_RESULTS = 10;

type Key = (summary: TrainingJobSummary) => string | number;

const KEYS: Readonly<Record<NonNullable<TrainingJobsRequest['SortBy']>, Key>> = {
  Name: ({ TrainingJobName }) => TrainingJobName,
  CreationTime: ({ CreationTime }) => CreationTime,
  Status: ({ TrainingJobStatus }) => TrainingJobStatus,
  FinalObjectiveMetricValue: (summary) => summary.FinalHyperParameterTuningJobObjectiveMetric!.Value,
};

/** @throws ServiceError ValidationException for a token that is not of this list */
export function pageOfTrainingJobs(summaries: readonly TrainingJobSummary[], request: TrainingJobsRequest): object {
  const { SortBy = 'Name', SortOrder = 'Ascending', StatusEquals, MaxResults = DEFAULT_MAX_RESULTS } = request;
  const listed = summaries
    .filter(({ TrainingJobStatus }) => StatusEquals === undefined || TrainingJobStatus === StatusEquals)
    // As the service documents: without a value, a job is not in the list that is sorted by it.
    .filter((one) => SortBy !== 'FinalObjectiveMetricValue' || one.FinalHyperParameterTuningJobObjectiveMetric);
  const { page, nextToken } = sortedPage(listed, {
    key: KEYS[SortBy],
    name: ({ TrainingJobName }) => TrainingJobName,
    isDescending: SortOrder === 'Descending',
    maxResults: MaxResults,
    nextToken: request.NextToken || undefined,
    refuse: (token) => validationError(`NextToken must be one of this list with these filters; received "${token}".`),
  });
  return { TrainingJobSummaries: page, ...(nextToken !== undefined && { NextToken: nextToken }) };
}
