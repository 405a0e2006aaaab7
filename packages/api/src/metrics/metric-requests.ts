/** The requests of CloudWatch's metrics, with AWS's names of members. Times are in seconds since 1970. */
import type { Dimension } from './metric-store.js';

export interface MetricReference {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Dimension[];
}

export interface MetricDataQuery {
  readonly Id: string;
  readonly MetricStat?: { readonly Metric: MetricReference; readonly Period: number; readonly Stat: string };
  readonly Expression?: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
}

export interface MetricDataRequest {
  readonly MetricDataQueries: readonly MetricDataQuery[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
  readonly ScanBy?: 'TimestampDescending' | 'TimestampAscending';
  readonly MaxDatapoints?: number;
}

export interface StatisticsRequest extends MetricReference {
  readonly StartTime: number;
  readonly EndTime: number;
  readonly Period: number;
  readonly Statistics?: readonly string[];
  readonly ExtendedStatistics?: readonly string[];
}

export interface ListMetricsRequest {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value?: string }[];
  readonly NextToken?: string;
}

export interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions?: readonly Dimension[];
  readonly Timestamp?: number;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: unknown;
}

export interface PutMetricsRequest {
  readonly Namespace: string;
  readonly MetricData?: readonly MetricDatum[];
}
