/** Removes what publishing has made of a version, and of the product what no other version needs. A dry run unless asked to apply. */
import { explain } from './aws-error.js';
import { openContext, type PublishContext, type PublishRequest } from './context.js';
import { removalsOf } from './removals.js';
import { removeTrials } from './trial/resources.js';

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
    if (!isDryRun) await removeTrials(context);
    return await removeParts(context, { isDryRun, onReport });
  } catch (error) {
    throw explain('unpublish', error);
  }
}

/** @param steps of which what they made is removed; default: all */
export async function removeParts(
  context: PublishContext,
  { isDryRun, onReport }: UnpublishOptions,
  steps?: ReadonlySet<string>,
): Promise<readonly RemovalReport[]> {
  const gone = new Set<string>();
  const reports: RemovalReport[] = [];
  for (const { step, find } of removalsOf(context)) {
    if (steps && !steps.has(step)) continue;
    for (const { what, why, remove } of await find(gone)) {
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
