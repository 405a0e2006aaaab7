/** The three steps of a listing, each started by a person: limited, test, public. */
import type { PublishContext } from '../context.js';
import type { Step } from '../step.js';
import { filesSteps } from './files-steps.js';
import { limitedStep } from './limited-step.js';
import { openListing } from './listing.js';
import { publicStep } from './public-step.js';
import { recordStep } from './record-step.js';
import { type ListingTest, testStep } from './test-step.js';

export interface ListingOptions extends ListingTest {
  /** Which of the three: not all, as each is looked at by people before the next. */
  readonly step: 'limited' | 'test' | 'public';
  /** A product that was made in the portal; by default publishing makes one. */
  readonly productId?: string | undefined;
}

/** @throws ArgumentError for a product that cannot be listed by the catalog's API */
export function listingSteps(context: PublishContext, options: ListingOptions): readonly Step[] {
  if (options.step === 'test') return [testStep(context, options)];
  const listing = openListing(context, options.productId);
  if (options.step === 'limited') return [...filesSteps(context), limitedStep(listing)];
  return [publicStep(listing), recordStep(context)];
}
