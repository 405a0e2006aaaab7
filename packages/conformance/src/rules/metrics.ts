/** GET /metrics, which endpoints with detailed observability scrape. */
import type { Rule } from '../rule.js';
import { excerpt, hold, NotTried } from '../verdict.js';
import { describe } from './answers.js';

export const METRIC_RULES: readonly Rule[] = [
  {
    id: 'metrics.format',
    rule: 'GET /metrics is answered with Prometheus text, or with 404.',
    source: 'API: ContainerMetricsConfig; Prometheus exposition format',
    severity: 'must',
    async check(lab) {
      const answer = await (await lab.server()).call({ path: '/metrics', timeoutMs: METRICS_TIMEOUT_MS });
      if (answer.status === 404) throw new NotTried('/metrics: status 404');
      hold(answer.status === 200, () => describe(answer));
      const text = answer.body.toString('utf8');
      hold(text.endsWith('\n'), 'the last line has no end');
      const lines = text.slice(0, -1).split('\n');
      const wrong = lines.find((line) => !LINE.test(line));
      hold(wrong === undefined, () => `a line is no sample and no comment: ${excerpt(wrong!)}`);
      return `${lines.filter((line) => !line.startsWith('#') && line !== '').length} samples`;
    },
  },
];

// --- internal ---

/** Prometheus' default for a scrape. */
const METRICS_TIMEOUT_MS = 10_000;
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const VALUE = '[-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Inf|NaN)';
const LINE = new RegExp(
  `^(?:#.*|\\s*|[a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:${LABEL}(?:,${LABEL})*,?)?\\})? +${VALUE}(?: +-?[0-9]+)?)$`,
);
