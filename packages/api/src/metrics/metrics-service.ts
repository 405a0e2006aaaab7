/** CloudWatch's metrics, in the three protocols that its clients speak: CBOR, JSON and query. */
import type { Account } from '../account.js';
import { serviceModel } from '../model/service-model.js';
import { cborService } from '../protocol/cbor.js';
import { jsonService } from '../protocol/json.js';
import { queryService } from '../protocol/query.js';
import type { OperationTable } from '../protocol/run-operation.js';
import type { Service } from '../server/exchange.js';
import type { Store } from '../store/store.js';
import { alarmOperations } from './alarms.js';
import { getMetricData, getMetricStatistics } from './metric-data.js';
import { listMetrics, putMetricData } from './metric-list.js';
import type { ListMetricsRequest, MetricDataRequest, PutMetricsRequest, StatisticsRequest } from './metric-requests.js';
import { openMetricStore } from './metric-store.js';

/** One service per protocol. */
export function metricsServices(database: Store, account: Account): Service[] {
  const store = openMetricStore(database);
  const table: OperationTable = {
    name: 'CloudWatch',
    model: serviceModel('cloudwatch'),
    invalidCode: 'ValidationError',
    operations: {
      GetMetricData: (request: MetricDataRequest) => getMetricData(store, request),
      GetMetricStatistics: (request: StatisticsRequest) => getMetricStatistics(store, request),
      ListMetrics: (request: ListMetricsRequest) => listMetrics(store, request),
      PutMetricData: (request: PutMetricsRequest) => putMetricData(store, request),
      ...alarmOperations(database, account),
    },
  };
  return [cborService(table), jsonService(table), queryService(table)];
}
