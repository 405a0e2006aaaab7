/** @algo/api: Amazon SageMaker's API on this machine, over the jobs, endpoints and files of @algo/local. */

// Errors

export { ServiceError } from './service-error.js';
