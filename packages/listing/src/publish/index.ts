/** @algo/listing/publish: a product put into the seller's account and followed to a Completed resource. */

// Publish

export type { ClientRequest, Clients } from './clients.js';
export type { PublishContext, PublishRequest } from './context.js';
export type { ListingOptions } from './listing/steps.js';
export { type PublishOptions, publish } from './publish.js';
export type { StepReport } from './run-steps.js';
