/** The AWS Marketplace Catalog API of sellers: change sets over products and offers, kept on this machine. */
import { serviceModel } from '../model/service-model.js';
import { restJsonService } from '../protocol/rest-json.js';
import type { Operation } from '../protocol/run-operation.js';
import type { Service } from '../server/exchange.js';
import { changeSetOperations } from './change-set-operations.js';
import type { ChangeSetRun } from './change-sets.js';
import type { Catalog } from './entity.js';
import { entityOperations } from './entity-operations.js';
import { catalogTagOperations } from './tag-operations.js';

export function catalogService(catalog: Catalog, run: ChangeSetRun): Service {
  const operations: Readonly<Record<string, Operation>> = {
    ...changeSetOperations(catalog, run),
    ...entityOperations(catalog),
    ...catalogTagOperations(catalog),
  };
  return restJsonService({ name: 'Marketplace Catalog', model: serviceModel('marketplace-catalog'), operations });
}
