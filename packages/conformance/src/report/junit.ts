/**
 * The report as JUnit's XML, which CI systems show: a rule is a test case, a broken one a failure, one not tried is skipped. It is
 * valid by Jenkins' junit-10.xsd. What was received is in the failure's text, too: GitLab shows that alone.
 */
import type { ConformanceReport, RuleResult } from '../check.js';

export function formatJUnit({ subject, counts, results }: ConformanceReport): string {
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const numbers = `tests="${results.length}" failures="${counts.broken}" errors="0"`;
  const time = `time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="algo conformance" ${numbers} ${time}>`,
    `  <testsuite name="${escaped(subject)}" ${numbers} skipped="${counts['not-tried']}" ${time}>`,
    ...results.flatMap(testCase),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n');
}

// --- internal ---

function testCase({ id, rule, source, severity, result, message, seconds }: RuleResult): readonly string[] {
  const [kind = ''] = id.split('.');
  const open = `    <testcase classname="conformance.${escaped(kind)}" name="${escaped(id)}" time="${seconds.toFixed(3)}"`;
  if (result === 'passed') return [`${open}/>`];
  const text = `Rule: ${rule}\nSource: ${source}\nReceived: ${message}`;
  const content =
    result === 'broken'
      ? `<failure type="${severity}" message="${escaped(message)}">${escaped(text)}</failure>`
      : `<skipped message="${escaped(message)}"/>`;
  return [`${open}>`, `      ${content}`, '    </testcase>'];
}

/** XML 1.0 has no control characters but tab, newline and carriage return. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}
