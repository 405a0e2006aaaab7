/** Removes what publishing has made of a version, and of the product what no other version needs. A dry run unless asked to apply. */
import { explain } from './aws-error.js';
import { openContext, type PublishContext, type PublishRequest } from './context.js';
import { findOwnResources, removalsOf } from './removals.js';

export interface RemovalReport {
  /** `algorithm sum-1-0-0` */
  readonly what: string;
  readonly state: 'to remove' | 'removed' | 'stays';
  /** Why it stays. */
  readonly why?: string;
}

export interface UnpublishOptions {
  readonly isDryRun: boolean;
  readonly onReport: (report: RemovalReport) => void;
}

/** @throws JobError where AWS refuses to remove something; the next run does the rest */
export async function unpublish(
  request: PublishRequest,
  { isDryRun, onReport }: UnpublishOptions,
): Promise<readonly RemovalReport[]> {
  try {
    const context = await openContext(request);
    return await removeParts(context, { isDryRun, onReport });
  } catch (error) {
    throw explain('unpublish', error);
  }
}

/**
 * What a resource needs that stays, stays with it.
 * @param steps of a trial alone, of which what they made is removed; default: all
 */
export async function removeParts(
  context: PublishContext,
  { isDryRun, onReport }: UnpublishOptions,
  steps?: ReadonlySet<string>,
): Promise<readonly RemovalReport[]> {
  const gone = new Set<string>();
  const reports: RemovalReport[] = [];
  const resources = await findOwnResources(context, steps === undefined);
  const staying = resources.find(({ why }) => steps !== undefined || why !== undefined);
  for (const { step, isNeeded, find } of removalsOf(context, resources)) {
    if (steps && !steps.has(step)) continue;
    const isKept = isNeeded && staying !== undefined && !(steps && step === 'sample data'); // a trial alone has its own
    for (const found of await find(gone)) {
      const { what } = found;
      const remove = isKept ? undefined : found.remove;
      const why = isKept && found.remove ? `${staying.what} needs it` : found.why;
      if (!isDryRun) await remove?.();
      if (remove) gone.add(what);
      const report: RemovalReport = remove
        ? { what, state: isDryRun ? 'to remove' : 'removed' }
        : { what, state: 'stays', ...(why !== undefined && { why }) };
      reports.push(report);
      onReport(report);
    }
  }
  return reports;
}
