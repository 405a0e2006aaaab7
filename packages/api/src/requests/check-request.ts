/** A request checked by AWS's own description of the service, as the server here checks it, without one. */
import { type RequestedChange, readChange } from '../catalog/change-request.js';
import { type ServiceModel, serviceModel, shapeOf } from '../model/service-model.js';
import { validateInput } from '../model/validate-input.js';

/**
 * @param service botocore's name of it, e.g. `sagemaker`
 * @throws ServiceError SerializationException or ValidationException that lists every constraint that the request breaks
 */
export function checkRequest(service: string, operation: string, request: unknown): void {
  const model = serviceModel(service);
  const shapeName = inputOf(model, operation);
  validateInput(model, shapeName, request);
}

/**
 * The request of StartChangeSet of AWS Marketplace's catalog, with the document of each of its changes.
 * @throws ServiceError ValidationException with the fields of the first change that breaks a rule
 */
export function checkChangeSet(request: { readonly ChangeSet: readonly RequestedChange[] }): void {
  checkRequest('marketplace-catalog', 'StartChangeSet', request);
  for (const change of request.ChangeSet) readChange(change);
}

/** The values that an enumeration of a service has, e.g. `TrainingInstanceType`; none where it is no enumeration. */
export function enumValues(service: string, shapeName: string): readonly string[] {
  return shapeOf(serviceModel(service), shapeName).enum ?? [];
}

// --- internal ---

function inputOf(model: ServiceModel, operation: string): string {
  const shapeName = model.operations[operation]?.input;
  if (shapeName === undefined) throw new Error(`${model.source} must have an operation ${operation} with an input.`);
  return shapeName;
}
