/** @algo/api/requests: requests checked by AWS's descriptions of its services, for programs that write them. */

// Check a request

export type { RequestedChange } from '../catalog/change-request.js';
export { checkChangeSet, checkRequest, enumValues } from './check-request.js';

// Errors

export { ServiceError } from '../service-error.js';
