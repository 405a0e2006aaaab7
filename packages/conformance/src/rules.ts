/** All rules, in the order in which they are tried and reported. */
import type { Rule } from './rule.js';
import { ADDRESS_RULES } from './rules/address.js';
import { BATCH_RULES } from './rules/batch.js';
import { BIDIRECTIONAL_RULES } from './rules/bidirectional.js';
import { CHANNEL_RULES } from './rules/channels.js';
import { CHECKPOINT_RULES } from './rules/checkpoints.js';
import { ERROR_RULES } from './rules/errors.js';
import { HEADER_RULES } from './rules/headers.js';
import { HYPERPARAMETER_RULES } from './rules/hyperparameters.js';
import { INVOCATION_RULES } from './rules/invocations.js';
import { ISOLATION_RULES } from './rules/isolation.js';
import { LAUNCH_RULES } from './rules/launch.js';
import { LIMIT_RULES } from './rules/limits.js';
import { METRIC_RULES } from './rules/metrics.js';
import { MULTI_MODEL_RULES } from './rules/multi-model.js';
import { PING_RULES } from './rules/ping.js';
import { SESSION_RULES } from './rules/sessions.js';
import { STOP_RULES } from './rules/stop.js';
import { STREAMING_RULES } from './rules/streaming.js';
import { FAILURE_RULES, TRAINING_RULES } from './rules/training.js';

export const RULES: readonly Rule[] = [
  ...LAUNCH_RULES,
  ...TRAINING_RULES,
  ...HYPERPARAMETER_RULES,
  ...CHANNEL_RULES,
  ...CHECKPOINT_RULES,
  ...FAILURE_RULES,
  ...PING_RULES,
  ...ADDRESS_RULES,
  ...INVOCATION_RULES,
  ...HEADER_RULES,
  ...ERROR_RULES,
  ...LIMIT_RULES,
  ...STREAMING_RULES,
  ...SESSION_RULES,
  ...BATCH_RULES,
  ...METRIC_RULES,
  ...MULTI_MODEL_RULES,
  ...BIDIRECTIONAL_RULES,
  ...ISOLATION_RULES,
  ...STOP_RULES,
];
