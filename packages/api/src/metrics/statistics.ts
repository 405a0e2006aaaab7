/** Statistics of values by periods: Average, Sum, Minimum, Maximum, SampleCount and percentiles such as p99.9. */
import { ServiceError } from '../service-error.js';
import type { MetricValue } from './metric-store.js';

/** The values of one period. */
export interface Period {
  /** Its start, in seconds since 1970. */
  readonly start: number;
  readonly values: readonly number[];
}

export type Statistic = (values: readonly number[]) => number;

/** Periods that have values, in order. @param seconds length of a period; they start at multiples of it */
export function inPeriods(values: readonly MetricValue[], seconds: number): Period[] {
  const periods = Map.groupBy(values, ({ at }) => Math.floor(at / seconds) * seconds);
  return [...periods].map(([start, found]) => ({ start, values: found.map(({ value }) => value) }));
}

/** @throws ServiceError InvalidParameterValue if there is no such statistic */
export function statisticOf(name: string): Statistic {
  const known = Object.hasOwn(STATISTICS, name) ? STATISTICS[name] : undefined;
  if (known !== undefined) return known;
  const percent = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/i.exec(name)?.[1];
  if (percent !== undefined) return (values) => percentile(values, Number(percent));
  const names = Object.keys(STATISTICS).join(', ');
  throw new ServiceError(
    'InvalidParameterValue',
    `The statistic must be ${names} or a percentile such as p99; received "${name}".`,
  );
}

/** CloudWatch's periods: 1, 5, 10, 20, 30 seconds, or minutes. @throws ServiceError InvalidParameterValue */
export function checkPeriod(seconds: number): void {
  if ([1, 5, 10, 20, 30].includes(seconds) || seconds % 60 === 0) return;
  const message = `The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60; received ${seconds}.`;
  throw new ServiceError('InvalidParameterValue', message);
}

// --- internal ---

const STATISTICS: Readonly<Record<string, Statistic>> = {
  Average: (values) => sum(values) / values.length,
  Sum: sum,
  Minimum: (values) => values.reduce((least, value) => Math.min(least, value)),
  Maximum: (values) => values.reduce((greatest, value) => Math.max(greatest, value)),
  SampleCount: (values) => values.length,
};

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Linear between the values around it (method 7 of Hyndman and Fan 1996). */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const place = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(place);
  const low = sorted[below]!;
  return low + (place - below) * ((sorted[below + 1] ?? low) - low);
}
