/** SageMaker's control plane: the operations of all its resources behind AWS JSON 1.1. */

import type { JobKind } from '../jobs/scheduler.js';
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { Service } from '../server/exchange.js';
import { algorithmOperations } from './algorithms/operations.js';
import { endpointConfigOperations } from './endpoints/configs.js';
import type { Hosting } from './endpoints/hosting.js';
import { endpointOperations } from './endpoints/operations.js';
import { modelPackageGroupOperations } from './model-packages/groups.js';
import { modelPackageOperations } from './model-packages/operations.js';
import { modelOperations } from './models/operations.js';
import type { RunningSageMaker, SageMaker } from './resources/context.js';
import { searchOperations } from './search/operations.js';
import { tagOperations } from './tags.js';
import { trainingJobOperations } from './training-jobs/operations.js';
import { trainingJobKind } from './training-jobs/run.js';
import { TRAINING_JOB } from './training-jobs/state.js';
import { transformJobOperations } from './transform-jobs/operations.js';
import { TRANSFORM_JOB, transformJobKind } from './transform-jobs/run.js';
import { tuningJobOperations } from './tuning-jobs/operations.js';
import type { TuningRun } from './tuning-jobs/run.js';
import { validatedAlgorithm } from './validation/algorithm.js';
import { validatedPackage } from './validation/model-package.js';
import { validationKind } from './validation/run.js';

export function sageMakerService(sageMaker: RunningSageMaker, hosting: Hosting, tuning: TuningRun): Service {
  return jsonService({
    name: 'SageMaker',
    model: serviceModel('sagemaker'),
    operations: {
      ...trainingJobOperations(sageMaker),
      ...algorithmOperations(sageMaker),
      ...modelOperations(sageMaker),
      ...modelPackageOperations(sageMaker),
      ...modelPackageGroupOperations(sageMaker),
      ...transformJobOperations(sageMaker),
      ...endpointConfigOperations(sageMaker),
      ...endpointOperations(sageMaker, hosting),
      ...tuningJobOperations(sageMaker, tuning),
      ...tagOperations(sageMaker),
      ...searchOperations(sageMaker),
    },
  });
}

/** The jobs that the scheduler runs, by the kind of their resource. */
export function jobKinds(sageMaker: SageMaker): Readonly<Record<string, JobKind>> {
  return {
    [TRAINING_JOB]: trainingJobKind(sageMaker),
    [TRANSFORM_JOB]: transformJobKind(sageMaker),
    [validatedAlgorithm.kind]: validationKind(sageMaker, validatedAlgorithm),
    [validatedPackage.kind]: validationKind(sageMaker, validatedPackage),
  };
}
