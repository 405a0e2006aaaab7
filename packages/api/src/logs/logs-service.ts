/** CloudWatch Logs over the log store of the data folder: what jobs print, and what clients put. */
import type { Account } from '../account.js';
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { Service } from '../server/exchange.js';
import type { Database } from '../store/database.js';
import { eventOperations } from './event-operations.js';
import { groupOperations } from './group-operations.js';
import { openLogStore } from './log-store.js';

export function logsService(database: Database, account: Account): Service {
  const store = openLogStore(database);
  return jsonService({
    name: 'CloudWatch Logs',
    model: serviceModel('logs'),
    invalidCode: 'InvalidParameterException',
    operations: { ...groupOperations(store, account), ...eventOperations(store) },
  });
}
