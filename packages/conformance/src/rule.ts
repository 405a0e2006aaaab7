/**
 * A rule of the container contract: what it says, who says so, and the check of it. A check returns what was received, or throws
 * as verdict.ts has it.
 */
import type { Lab } from './lab/lab.js';

/** `must`: the platform, or a client of it, fails otherwise. `should`: AWS advises it, or its absence costs a user time. */
export type Severity = 'must' | 'should';

export interface Rule {
  /** Never changes: reports of different versions can be compared by it. */
  readonly id: string;
  /** One sentence. */
  readonly rule: string;
  /** A page of AWS's guides, a shape of its API, or an RFC. */
  readonly source: string;
  readonly severity: Severity;
  /** @returns what was received, as one sentence @throws Broken, NotTried */
  readonly check: (lab: Lab) => Promise<string>;
}
