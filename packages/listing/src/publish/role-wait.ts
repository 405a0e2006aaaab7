/** Calls that need a role which was just made: IAM makes it known everywhere only after a while. */
import { messageOf } from '@algo/local';
import { nameOf } from './aws-error.js';
import type { PublishContext } from './context.js';

/** IAM makes a new role known everywhere within this time, as AWS's guides advise to wait. */
const ROLE_WAIT_MS = 60_000;

/** What the call answers; repeated for a minute, after a pause of the context, while AWS cannot assume the role. */
export async function whenRoleIsKnown<T>({ pause }: Pick<PublishContext, 'pause'>, call: () => Promise<T>): Promise<T> {
  const end = Date.now() + ROLE_WAIT_MS;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isTooEarly(error) || Date.now() > end) throw error;
      await pause();
    }
  }
}

// --- internal ---

/** Where the caller may not do it, AWS names the caller: often `assumed-role/NAME/SESSION`, which no wait changes. */
function isTooEarly(error: unknown): boolean {
  if (/AccessDenied/.test(nameOf(error))) return false;
  return /assume.*role|role.*(not|cannot) (be )?assume|role.*does not exist/i.test(messageOf(error));
}
