/** Errors of the catalog, with the statuses of its model. */
import { ServiceError } from '../service-error.js';

export function invalid(message: string): ServiceError {
  return new ServiceError('ValidationException', message, 422);
}

export function notFound(message: string): ServiceError {
  return new ServiceError('ResourceNotFoundException', message, 404);
}

/** There is one catalog. */
export function requireCatalog(name: string): void {
  if (name !== 'AWSMarketplace') throw invalid(`Catalog must be AWSMarketplace; received "${name}".`);
}
