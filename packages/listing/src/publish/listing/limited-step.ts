/**
 * Step "limited": the product with this version and its public offer, seen by the seller's account and the test accounts of
 * product.yaml. Each change set is validated by the catalog before it is applied.
 */
import { JobError } from '@algo/local';
import type { Look, Step } from '../step.js';
import {
  applyChanges,
  changesText,
  type Listing,
  plannedText,
  readState,
  resourceMissing,
  validateChanges,
  visibilityOf,
} from './listing.js';

/** AWS looks at a version for hours. */
const HOURS = [0.1, 24] as const;

export function limitedStep(listing: Listing): Step {
  const { product } = listing.context.source;
  const accounts = product.testAccounts.length;
  const buyers =
    accounts === 0 ? 'your account alone' : `your account and ${accounts} test account${accounts === 1 ? '' : 's'}`;
  return {
    name: 'limited',
    makes: [
      `product "${product.title}" in AWS Marketplace's catalog, with this version and a public offer, seen by ${buyers}`,
    ],
    hours: HOURS,
    async isDone(): Promise<Look> {
      const state = await readState(listing);
      const { product: found, changes } = state;
      const where = found ? `${found.id} is ${visibilityOf(found)}` : 'there is no product of this name';
      if (isPublic(visibilityOf(found))) {
        return { isDone: true, text: `${where}: the step "public" adds the version, as buyers see it immediately` };
      }
      if (!changes) return { isDone: false, text: `${where}, and no Completed resource to list` };
      if (changes.length === 0) return { isDone: true, text: `${where}, with this version` };
      return { isDone: false, text: `${where}; ${plannedText(state)}` };
    },
    async rehearse() {
      const { changes } = await readState(listing);
      if (!changes) return 'not validated: there is no Completed resource yet';
      await validateChanges(listing, 'limited', changes);
      return `AWS Marketplace's catalog takes the changes: ${changesText(changes)}`;
    },
    async do() {
      const applied = await applyChanges(listing, 'limited', async () => {
        const { changes, product: found } = await readState(listing);
        if (!changes) throw resourceMissing(listing);
        if (visibilityOf(found) === 'Restricted') throw restricted(found!.id);
        return changes;
      });
      const { product: found } = await readState(listing);
      return `${found?.id} is ${visibilityOf(found)}; applied: ${changesText(applied) || 'nothing more'}`;
    },
  };
}

export function isPublic(visibility: string): boolean {
  return visibility === 'Public';
}

export function restricted(id: string): JobError {
  return new JobError(`${id} is Restricted: its sale has ended. A new product takes another title and other tags`);
}
