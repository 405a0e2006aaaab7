/** SageMaker's control plane: the operations of all its resources behind AWS JSON 1.1. */
import type { Hosting } from '../hosting/hosting.js';
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { Service } from '../server/exchange.js';
import { algorithmOperations } from './algorithms.js';
import type { RunningSageMaker } from './context.js';
import { endpointConfigOperations } from './endpoint-configs.js';
import { endpointOperations } from './endpoints.js';
import { modelOperations } from './models.js';
import { tagOperations } from './tag-operations.js';
import { trainingJobOperations } from './training-jobs.js';
import { transformJobOperations } from './transform-jobs.js';

export function sageMakerService(sageMaker: RunningSageMaker, hosting: Hosting): Service {
  return jsonService({
    name: 'SageMaker',
    model: serviceModel('sagemaker'),
    operations: {
      ...trainingJobOperations(sageMaker),
      ...algorithmOperations(sageMaker),
      ...modelOperations(sageMaker),
      ...transformJobOperations(sageMaker),
      ...endpointConfigOperations(sageMaker),
      ...endpointOperations(sageMaker, hosting),
      ...tagOperations(sageMaker),
    },
  });
}
