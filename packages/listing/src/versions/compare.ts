/** Which changes between two versions of a product break what buyers have, and which add to it; all others are a patch. */
import type { Level, ProductVersion, VersionRule } from './aspect.js';
import { INFERENCE_RULES, INSTANCE_RULES } from './inference-rules.js';
import { HYPERPARAMETER_RULES, TRAINING_RULES } from './training-rules.js';
import type { Raise } from './version-number.js';

export interface Change {
  readonly level: Level;
  /** Title of the rule. */
  readonly rule: string;
  readonly text: string;
}

const ALL = [...HYPERPARAMETER_RULES, ...TRAINING_RULES, ...INFERENCE_RULES, ...INSTANCE_RULES];

/** Those that break come first. */
export const VERSION_RULES: readonly VersionRule[] = [
  ...ALL.filter(({ level }) => level === 'major'),
  ...ALL.filter(({ level }) => level === 'minor'),
];

export function changesBetween(before: ProductVersion, after: ProductVersion): readonly Change[] {
  return VERSION_RULES.flatMap(({ level, title, find }) =>
    find(before, after).map((text) => ({ level, rule: title, text })),
  );
}

/** The raise of the version that the changes need. */
export function neededRaise(changes: readonly Change[]): Raise {
  if (changes.some(({ level }) => level === 'major')) return 'major';
  return changes.length > 0 ? 'minor' : 'none';
}
