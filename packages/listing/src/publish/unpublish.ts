/** Removes what publishing has made of a version, and of the product what no other version needs. A dry run unless asked to apply. */
import { explain } from './aws-error.js';
import { openContext, type PublishContext, type PublishRequest } from './context.js';
import { asOnlyRun } from './one-run.js';
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
    const remove = () => removeParts(context, { isDryRun, onReport });
    return isDryRun ? await remove() : await asOnlyRun(request, 'algo unpublish', remove);
  } catch (error) {
    throw explain('unpublish', error);
  }
}

export interface AfterTrial {
  /** What they made is removed. */
  readonly steps: ReadonlySet<string>;
  /** Something of a trial of another run, which may need the same. */
  readonly otherTrial: string | undefined;
}

/**
 * What a resource needs that stays, stays with it.
 * @param alone after a trial alone; default: all is removed
 */
export async function removeParts(
  context: PublishContext,
  { isDryRun, onReport }: UnpublishOptions,
  alone?: AfterTrial,
): Promise<readonly RemovalReport[]> {
  const gone = new Set<string>();
  const reports: RemovalReport[] = [];
  const resources = await findOwnResources(context, alone === undefined);
  const staying = resources.find(({ why }) => alone !== undefined || why !== undefined)?.what;
  for (const { step, isNeeded, find } of removalsOf(context, resources)) {
    if (alone && !alone.steps.has(step)) continue;
    const needing = alone?.otherTrial ?? (alone && step === 'sample data' ? undefined : staying); // a trial alone has its own
    const isKept = isNeeded && needing !== undefined;
    for (const found of await find(gone)) {
      const { what } = found;
      const remove = isKept ? undefined : found.remove;
      const why = isKept && found.remove ? `${needing} needs it` : found.why;
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
