/** SageMaker's control plane: the operations of all its resources behind AWS JSON 1.1. */
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { Service } from '../server/exchange.js';
import { algorithmOperations } from './algorithms.js';
import type { RunningSageMaker } from './context.js';
import { modelOperations } from './models.js';
import { tagOperations } from './tag-operations.js';
import { trainingJobOperations } from './training-jobs.js';

export function sageMakerService(sageMaker: RunningSageMaker): Service {
  return jsonService({
    name: 'SageMaker',
    model: serviceModel('sagemaker'),
    operations: {
      ...trainingJobOperations(sageMaker),
      ...algorithmOperations(sageMaker),
      ...modelOperations(sageMaker),
      ...tagOperations(sageMaker),
    },
  });
}
