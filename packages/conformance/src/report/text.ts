/** The report as lines for people: what is broken, what was not tried, and the sum. */
import type { ConformanceReport, RuleResult } from '../check.js';

/** One line per rule, as it is finished. */
export function formatResult({ id, result, severity, message }: RuleResult): string {
  return `${WORDS[result]}${result === 'broken' ? ` (${severity})` : ''} ${id}: ${message}`;
}

export function formatText(report: ConformanceReport): string {
  const { subject, conforms, counts, results } = report;
  const broken = results
    .filter(({ result }) => result === 'broken')
    .flatMap(({ id, rule, source, severity, message }) => [
      `${id} (${severity})`,
      `  rule      ${rule}`,
      `  source    ${source}`,
      `  received  ${message}`,
      '',
    ]);
  const sum = `${counts.passed} passed, ${counts.broken} broken, ${counts['not-tried']} not tried`;
  const verdict = conforms ? 'conforms' : 'does not conform';
  return [...broken, `${subject} ${verdict}: ${sum}`].join('\n');
}

// --- internal ---

const WORDS: Readonly<Record<RuleResult['result'], string>> = {
  passed: 'passed',
  broken: 'BROKEN',
  'not-tried': 'not tried',
};
