/** SageMaker's control plane: the operations of all its resources behind AWS JSON 1.1. */
import type { Hosting } from '../hosting/hosting.js';
import type { JobKind } from '../jobs/scheduler.js';
import { serviceModel } from '../model/service-model.js';
import { jsonService } from '../protocol/json.js';
import type { Service } from '../server/exchange.js';
import { validatedAlgorithm } from './algorithm-validation.js';
import { algorithmOperations } from './algorithms.js';
import type { RunningSageMaker, SageMaker } from './context.js';
import { endpointConfigOperations } from './endpoint-configs.js';
import { endpointOperations } from './endpoints.js';
import { modelPackageGroupOperations } from './model-package-groups.js';
import { validatedPackage } from './model-package-validation.js';
import { modelPackageOperations } from './model-packages.js';
import { modelOperations } from './models.js';
import { searchOperations } from './search.js';
import { tagOperations } from './tag-operations.js';
import { trainingJobKind } from './training-job-run.js';
import { TRAINING_JOB } from './training-job-state.js';
import { trainingJobOperations } from './training-jobs.js';
import { TRANSFORM_JOB, transformJobKind } from './transform-job-run.js';
import { transformJobOperations } from './transform-jobs.js';
import type { TuningRun } from './tuning-job-run.js';
import { tuningJobOperations } from './tuning-jobs.js';
import { validationKind } from './validation-run.js';

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
