/**
 * Checks of SageMaker's container contract against any image or program: each rule has an id that stays, a source, and a check that
 * sees nothing but what the platform sees.
 */

// Check

export {
  type ConformanceReport,
  type ConformanceRequest,
  checkConformance,
  listRules,
  type RuleResult,
  type RuleText,
} from './check.js';
export type { Limits } from './lab/limits.js';
export type { Severity } from './rule.js';

// What the container under test needs

export { profileOfProduct } from './profile/from-validation.js';
export { type ConformanceProfile, EMPTY_PROFILE, readConformanceProfile } from './profile/profile.js';

// Report

export { formatJUnit } from './report/junit.js';
export { schemaOf } from './report/schemas.js';
export { formatResult, formatText } from './report/text.js';
