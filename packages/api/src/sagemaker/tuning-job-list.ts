/** A page of a tuning job's training jobs: their orders and filter. The token names the last job of the page before. */
import { validationError } from './context.js';
import type { TrainingJobSummary } from './tuning-job-shapes.js';

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
  const key = KEYS[SortBy];
  const sign = SortOrder === 'Ascending' ? 1 : -1;
  const listed = summaries
    .filter(({ TrainingJobStatus }) => StatusEquals === undefined || TrainingJobStatus === StatusEquals)
    // As the service documents: without a value, a job is not in the list that is sorted by it.
    .filter((one) => SortBy !== 'FinalObjectiveMetricValue' || one.FinalHyperParameterTuningJobObjectiveMetric)
    .toSorted((a, b) => sign * (compare(key(a), key(b)) || compare(a.TrainingJobName, b.TrainingJobName)));
  const first = request.NextToken ? placeAfter(listed, request.NextToken) : 0;
  const page = listed.slice(first, first + MaxResults);
  const isLast = first + page.length === listed.length;
  return { TrainingJobSummaries: page, ...(!isLast && { NextToken: tokenOf(page.at(-1)!) }) };
}

// --- internal ---

function compare(a: string | number, b: string | number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function tokenOf({ TrainingJobName }: TrainingJobSummary): string {
  return Buffer.from(TrainingJobName).toString('base64');
}

function placeAfter(listed: readonly TrainingJobSummary[], token: string): number {
  const name = Buffer.from(token, 'base64').toString('utf8');
  const place = listed.findIndex(({ TrainingJobName }) => TrainingJobName === name);
  if (place >= 0) return place + 1;
  throw validationError(`NextToken must be one of this list with these filters; received "${token}".`);
}
