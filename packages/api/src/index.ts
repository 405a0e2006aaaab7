/** @algo/api: Amazon SageMaker's API on this machine, over the jobs, endpoints and files of @algo/local. */

// Start it

export { containerPrograms, type OpenProgram, type Programs, processPrograms } from './jobs/programs.js';
export { isLoopback } from './server/guard.js';
export { type Api, type ApiOptions, startApi } from './start.js';

// Remove what is old

export { type Pruned, pruneData } from './prune.js';

// Reach it by AWS's own addresses

export { type AuthorityFiles, authorityFiles } from './proxy/authority.js';
export { coversAws, noProxyEntries } from './proxy/no-proxy.js';

// Errors

export { ServiceError } from './service-error.js';
