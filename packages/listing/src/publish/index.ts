/** @algo/listing/publish: a product put into the seller's account and followed to a Completed resource. */

// Publish

export type { ClientRequest, Clients } from './clients.js';
export type { PublishContext, PublishRequest } from './context.js';
export type { ListingOptions } from './listing/steps.js';
export { type PublishOptions, publish } from './publish.js';
export type { StepReport } from './run-steps.js';

// Try it in the account

export type { Measured, Trial } from './trial/trial.js';
export { tryOnSageMaker } from './try-alone.js';

// Undo it

export { type RemovalReport, type UnpublishOptions, unpublish } from './unpublish.js';
