/** How an algorithm is validated: its profile's training job, then its transform job with the model of that. */
import { ALGORITHM } from '../algorithms/lookup.js';
import type { AlgorithmBody } from '../algorithms/shapes.js';
import { scanStatuses } from '../marketplace/status-details.js';
import { pick } from '../resources/list.js';
import { planPrefix, type ValidationPlan } from './plan.js';
import type { ValidatedKind } from './run.js';

export const validatedAlgorithm: ValidatedKind<AlgorithmBody> = {
  kind: ALGORITHM,
  plan: planOf,
  withStatus: (body, status, profile, failure) => ({
    ...body,
    AlgorithmStatus: status,
    AlgorithmStatusDetails: {
      ImageScanStatuses: scanStatuses(body.CertifyForMarketplace ?? false, body.AlgorithmName, profile),
      ValidationStatuses: (body.AlgorithmStatusDetails.ValidationStatuses ?? []).map(({ Name }) => ({
        ...{ Name, Status: profile },
        ...(failure !== undefined && { FailureReason: failure }),
      })),
    },
  }),
};

// --- internal ---

function planOf(algorithm: AlgorithmBody): ValidationPlan | undefined {
  const { ValidationSpecification, InferenceSpecification, AlgorithmName, AlgorithmArn, CreationTime } = algorithm;
  const profile = ValidationSpecification?.ValidationProfiles[0];
  if (!ValidationSpecification || !profile) return undefined;
  const role = ValidationSpecification.ValidationRole;
  const { TrainingInputMode, ...job } = profile.TrainingJobDefinition;
  return {
    prefix: planPrefix(AlgorithmName, CreationTime),
    role,
    training: {
      algorithm,
      job: {
        ...job,
        AlgorithmSpecification: { AlgorithmName: AlgorithmArn, TrainingInputMode },
        RoleArn: role,
        EnableNetworkIsolation: true,
      },
    },
    transform: InferenceSpecification && profile.TransformJobDefinition,
    containers: (artifacts) =>
      InferenceSpecification!.Containers.map((container) => ({
        ...pick(container, ['Image', 'ContainerHostname', 'Environment']),
        ModelDataUrl: artifacts!,
      })),
  };
}
