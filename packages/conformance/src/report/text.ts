/** The report as lines for people: what is broken, what was not tried and why, and the sum. */
import type { ConformanceReport, RuleResult } from '../check.js';

/** One line per rule, as it is finished. */
export function formatResult({ id, result, severity, message }: RuleResult): string {
  return `${WORDS[result]}${result === 'broken' ? ` (${severity})` : ''} ${id}: ${message}`;
}

/** The rules that must hold come first. */
export function formatText(report: ConformanceReport): string {
  const { subject, conforms, counts, results } = report;
  const broken = results
    .filter(({ result }) => result === 'broken')
    .toSorted((a, b) => Number(a.severity === 'should') - Number(b.severity === 'should'))
    .flatMap(({ id, rule, source, severity, message }) => [
      `${id} (${severity})`,
      `  rule      ${rule}`,
      `  source    ${source}`,
      `  received  ${message}`,
      '',
    ]);
  const untried = Map.groupBy(
    results.filter(({ result }) => result === 'not-tried'),
    ({ message }) => message,
  );
  const reasons = [...untried].map(([reason, rules]) => `  ${reason}: ${listIds(rules)}`);
  const sum = `${counts.passed} passed, ${counts.broken} broken, ${counts['not-tried']} not tried`;
  const verdict = conforms ? 'conforms' : 'does not conform';
  return [
    ...broken,
    ...(reasons.length > 0 ? ['Not tried:', ...reasons, ''] : []),
    `${subject} ${verdict}: ${sum}`,
  ].join('\n');
}

// --- internal ---

const WORDS: Readonly<Record<RuleResult['result'], string>> = {
  passed: 'passed',
  broken: 'BROKEN',
  'not-tried': 'not tried',
};
const SHOWN_IDS = 4;

function listIds(rules: readonly RuleResult[]): string {
  const shown = rules.slice(0, SHOWN_IDS).map(({ id }) => id);
  const more = rules.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
