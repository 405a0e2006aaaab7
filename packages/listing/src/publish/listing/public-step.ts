/**
 * Step "public": everybody sees the product. A version of a product that is public already is added here, as buyers see it
 * immediately.
 */
import { JobError } from '@algo/local';
import { publicChange } from '../../documents/change-set.js';
import type { Look, Step } from '../step.js';
import { isPublic, restricted } from './limited-step.js';
import {
  applyChanges,
  changesText,
  type Listing,
  plannedText,
  readState,
  resourceMissing,
  type State,
  validateChanges,
  visibilityOf,
} from './listing.js';
import { isTested } from './tested.js';

/** People of AWS Marketplace look at a product before it is public; AWS does not say for how long. */
const HOURS = undefined;

export function publicStep(listing: Listing): Step {
  const { context } = listing;
  const { product, definition } = context.source;
  const untested =
    `Warning: no test of version ${definition.Version} is recorded in this workspace. ` +
    '"--listing test --arn ARN --apply" runs the notebooks as a buyer.';
  return {
    name: 'public',
    makes: [`product "${product.title}" seen by all buyers; the version and the Regions stay then`],
    hours: HOURS,
    async isDone(): Promise<Look> {
      const state = await readState(listing);
      const { product: found, changes } = state;
      const where = found ? `${found.id} is ${visibilityOf(found)}` : 'there is no product of this name';
      const isShown = isPublic(visibilityOf(found)) && changes?.length === 0;
      if (!isShown && !isTested(context)) context.say(untested);
      if (!isPublic(visibilityOf(found)) || !changes) return { isDone: false, text: where };
      if (isShown) return { isDone: true, text: `${where}, with this version` };
      return { isDone: false, text: `${where}; ${plannedText(state)}` };
    },
    async rehearse() {
      const state = await readState(listing);
      if (!state.changes) return 'not validated: there is no Completed resource yet';
      const changes = changesOf(listing, state);
      await validateChanges(listing, 'public', changes);
      return `AWS Marketplace's catalog takes the changes: ${changesText(changes)}`;
    },
    async do() {
      await applyChanges(listing, 'public', async () => changesOf(listing, await readState(listing)));
      const { product: found } = await readState(listing);
      return `${found?.id} is ${visibilityOf(found)}; its page may answer 404 for an hour`;
    },
  };
}

// --- internal ---

function changesOf(listing: Listing, { product, changes }: State) {
  if (!changes) throw resourceMissing(listing);
  const visibility = visibilityOf(product);
  if (visibility === 'Restricted') throw restricted(product!.id);
  if (!product || visibility === 'Draft')
    throw new JobError('the product is not there yet; the step "limited" makes it');
  if (isPublic(visibility)) return changes;
  if (changes.length > 0) {
    throw new JobError(`the product is not as it was tested: ${changesText(changes)}. Repeat the step "limited"`);
  }
  return [publicChange(product.id)];
}
