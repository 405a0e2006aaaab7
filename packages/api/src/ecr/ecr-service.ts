/** Amazon ECR's control plane over the registry: repositories, images and layers behind AWS JSON 1.1. */
import type { Account } from '../account.js';
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { Registry } from '../registry/registry.js';
import type { Service } from '../server/exchange.js';
import type { Store } from '../store/store.js';
import type { Ecr } from './context.js';
import { imageLists } from './image-lists.js';
import { imageOperations } from './images.js';
import { layerOperations } from './layers.js';
import { policyOperations } from './policies.js';
import { repositoryOperations } from './repositories.js';
import { tagOperations } from './tags.js';

export function ecrService(store: Store, registry: Registry, account: Account): Service {
  const ecr: Ecr = { store, registry, account };
  return jsonService({
    name: 'ECR',
    model: serviceModel('ecr'),
    invalidCode: 'InvalidParameterException',
    operations: {
      ...repositoryOperations(ecr),
      ...imageOperations(ecr),
      ...imageLists(ecr),
      ...layerOperations(ecr),
      ...tagOperations(ecr),
      ...policyOperations(ecr),
    },
  });
}
