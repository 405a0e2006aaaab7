/**
 * Alarms of CloudWatch, as they are put: they can be read and deleted, and nothing watches the metrics. So their state is
 * INSUFFICIENT_DATA.
 */
import type { Account } from '../account.js';
import { ServiceError } from '../service-error.js';
import { sortedPage } from '../store/sorted-page.js';
import type { Store } from '../store/store.js';

interface PutAlarmRequest {
  readonly AlarmName: string;
  readonly Tags?: unknown;
  readonly [member: string]: unknown;
}

interface DescribeAlarmsRequest {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly StateValue?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

export function alarmOperations({ records, transaction }: Store, { id, region }: Account) {
  return {
    /** Replaces an alarm of that name. */
    PutMetricAlarm: ({ Tags: _, ...request }: PutAlarmRequest): void => {
      checkAlarm(request);
      const name = request.AlarmName;
      const AlarmArn = `arn:aws:cloudwatch:${region}:${id}:alarm:${name}`;
      const created = Date.now() / 1000;
      const state = {
        StateValue: STATE,
        StateReason: 'Unchecked: Initial alarm creation',
        StateUpdatedTimestamp: created,
      };
      const body = {
        ActionsEnabled: true,
        ...request,
        AlarmArn,
        AlarmConfigurationUpdatedTimestamp: created,
        ...state,
      };
      const record = { kind: ALARM, name, arn: AlarmArn, status: STATE, created, modified: created, body };
      transaction(() => {
        if (!records.insert(record)) records.update(record);
      });
    },
    DescribeAlarms: (request: DescribeAlarmsRequest) => {
      const { AlarmNames, AlarmNamePrefix = '', StateValue, MaxRecords = MAX_RECORDS, NextToken } = request;
      const found = records.all<object>(ALARM).filter(({ name, status }) => {
        const isNamed = AlarmNames === undefined || AlarmNames.includes(name);
        return isNamed && name.startsWith(AlarmNamePrefix) && (StateValue ?? status) === status;
      });
      const { page, nextToken } = sortedPage(found, {
        ...{ key: ({ name }) => name, name: ({ name }) => name, isDescending: false },
        ...{ maxResults: MaxRecords, nextToken: NextToken },
        refuse: (token) => invalid(`NextToken must be one of this list; received "${token}".`),
      });
      return {
        ...{ MetricAlarms: page.map(({ body }) => body), CompositeAlarms: [] },
        ...(nextToken !== undefined && { NextToken: nextToken }),
      };
    },
    /** All or none. */
    DeleteAlarms: ({ AlarmNames }: { readonly AlarmNames: readonly string[] }): void => {
      transaction(() => {
        for (const name of new Set(AlarmNames)) {
          if (records.remove(ALARM, name)) continue;
          throw new ServiceError('ResourceNotFound', `The alarm ${name} does not exist.`, 404);
        }
      });
    },
  };
}

// --- internal ---

const ALARM = 'alarm';
const STATE = 'INSUFFICIENT_DATA';
/** Of one answer, where the request has no other; Amazon CloudWatch API Reference, DescribeAlarms. */
const MAX_RECORDS = 50;
/** Of an alarm on one metric. */
const NEEDED = ['MetricName', 'Namespace', 'Period', 'EvaluationPeriods', 'ComparisonOperator', 'Threshold'] as const;

function invalid(message: string): ServiceError {
  return new ServiceError('ValidationError', message);
}

/** @throws ServiceError ValidationError */
function checkAlarm(request: Readonly<Record<string, unknown>>): void {
  const missing = NEEDED.filter((member) => request[member] === undefined);
  if (missing.length > 0) {
    throw invalid(
      `PutMetricAlarm must have ${missing.join(', ')}: alarms here are on one metric, by a fixed threshold.`,
    );
  }
  if ((request.Statistic === undefined) === (request.ExtendedStatistic === undefined)) {
    throw invalid('PutMetricAlarm must have either Statistic or ExtendedStatistic.');
  }
}
