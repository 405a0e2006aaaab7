/** How a model package is validated: a batch transform with its container. */

import { scanStatuses } from '../marketplace/status-details.js';
import { MODEL_PACKAGE } from '../model-packages/lookup.js';
import type { ModelPackageBody } from '../model-packages/shapes.js';
import { pick } from '../resources/list.js';
import { planPrefix, type ValidationPlan } from './plan.js';
import type { ValidatedKind } from './run.js';

export const validatedPackage: ValidatedKind<ModelPackageBody> = {
  kind: MODEL_PACKAGE,
  plan: planOf,
  withStatus: (body, status, profile, failure) => ({
    ...body,
    ModelPackageStatus: status,
    ModelPackageStatusDetails: {
      ImageScanStatuses: scanStatuses(body.CertifyForMarketplace ?? false, body.ModelPackageName!, profile),
      ValidationStatuses: body.ModelPackageStatusDetails.ValidationStatuses.map(({ Name }) => ({
        ...{ Name, Status: profile },
        ...(failure !== undefined && { FailureReason: failure }),
      })),
    },
  }),
};

// --- internal ---

function planOf({ ModelPackageName = '', ...body }: ModelPackageBody): ValidationPlan | undefined {
  const { ValidationSpecification, InferenceSpecification, CreationTime } = body;
  const profile = ValidationSpecification?.ValidationProfiles[0];
  if (!ValidationSpecification || !profile || !InferenceSpecification) return undefined;
  return {
    prefix: planPrefix(ModelPackageName, CreationTime),
    role: ValidationSpecification.ValidationRole,
    transform: profile.TransformJobDefinition,
    containers: () =>
      InferenceSpecification.Containers.map((container) =>
        pick(container, ['Image', 'ContainerHostname', 'ModelDataUrl', 'Environment']),
      ),
  };
}
