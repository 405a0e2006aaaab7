/** GET /metrics, which endpoints with detailed observability scrape. */
import { mediaTypeOf } from '@algo/local';
import type { Answer } from '../lab/http.js';
import type { Lab } from '../lab/lab.js';
import type { Rule } from '../rule.js';
import { excerpt, hold, need } from '../verdict.js';
import { describe } from './answers.js';

const SOURCE = 'API: ContainerMetricsConfig; Prometheus exposition format';

export const METRIC_RULES: readonly Rule[] = [
  {
    id: 'metrics.format',
    rule: 'GET /metrics is answered with Prometheus text, or with 404.',
    source: SOURCE,
    severity: 'must',
    async check(lab) {
      const answer = await scrape(lab);
      hold(answer.status === 200, () => describe(answer));
      const text = answer.body.toString('utf8');
      hold(text.endsWith('\n'), 'the last line has no end');
      const lines = text.slice(0, -1).split('\n');
      const wrong = lines.find((line) => !LINE.test(line));
      hold(wrong === undefined, () => `a line is no sample and no comment: ${excerpt(wrong!)}`);
      const samples = lines.filter((line) => !line.startsWith('#') && line.trim() !== '');
      const names = samples.map((line) => line.replace(/ [^}]*$/, ''));
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      hold(twice === undefined, () => `a sample is there twice: ${excerpt(twice!)}`);
      return `${samples.length} samples`;
    },
  },
  {
    id: 'metrics.content-type',
    rule: 'The answer of /metrics says that it is Prometheus text: text/plain, or application/openmetrics-text.',
    source: SOURCE,
    severity: 'should',
    async check(lab) {
      const { status, headers } = await scrape(lab);
      need(status === 200, `/metrics: status ${status}`);
      const type = headers['content-type'] ?? '';
      hold(TYPES.has(mediaTypeOf(type)), `Content-Type is ${type === '' ? 'missing' : excerpt(type)}`);
      return type;
    },
  },
];

// --- internal ---

const TYPES = new Set(['text/plain', 'application/openmetrics-text']);
/** Prometheus' default for a scrape. */
const METRICS_TIMEOUT_MS = 10_000;
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const VALUE = '[-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Inf|NaN)';
const LINE = new RegExp(
  `^(?:#.*|\\s*|[a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{(?:${LABEL}(?:,${LABEL})*,?)?\\})? +${VALUE}(?: +-?[0-9]+)?)$`,
);

/** @throws NotTried where there is none */
async function scrape(lab: Lab): Promise<Answer> {
  const answer = await (await lab.server()).call({ path: '/metrics', timeoutMs: METRICS_TIMEOUT_MS });
  need(answer.status !== 404, '/metrics: status 404');
  return answer;
}
