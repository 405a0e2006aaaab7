/** The report in its forms. */
import { describe, expect, it } from 'vitest';
import { type ConformanceReport, formatJUnit, formatText, type RuleResult, schemaOf } from '../src/index.js';
import { reportSchema } from '../src/report/schemas.js';

const text = { rule: 'It is <so> & "so".', source: 'Guide: a page', severity: 'must' } as const;
const results: readonly RuleResult[] = [
  { ...text, id: 'a.passed', result: 'passed', message: 'fine', seconds: 0.5 },
  { ...text, id: 'a.broken', result: 'broken', message: 'status 500 "<html>\u0001"', seconds: 0.25 },
  { ...text, id: 'a.untried', result: 'not-tried', message: 'no data', seconds: 0 },
];
const report: ConformanceReport = {
  ...{ subject: 'image:1', conforms: false, results },
  counts: { passed: 1, broken: 1, 'not-tried': 1 },
};

describe('a report', () => {
  it('for people has the rules that must hold first, and why others were not tried, once for all', () => {
    const advice = { ...results[1]!, id: 'a.advice', severity: 'should' } as const;
    const more = Array.from({ length: 5 }, (_, i) => ({ ...results[2]!, id: `b.${i}` }));

    const lines = formatText({ ...report, results: [advice, ...results, ...more] }).split('\n');

    expect(lines.filter((line) => line.startsWith('a.'))).toEqual(['a.broken (must)', 'a.advice (should)']);
    expect(lines).toContain('  no data: a.untried, b.0, b.1, b.2 and 2 more');
  });

  it('as JSON is what its schema says', () => {
    expect(reportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
    expect(schemaOf('report')).toMatchObject({ required: ['subject', 'conforms', 'counts', 'results'] });
  });

  it('for people has each broken rule with its source, and the sum', () => {
    expect(formatText(report).split('\n')).toEqual([
      'a.broken (must)',
      '  rule      It is <so> & "so".',
      '  source    Guide: a page',
      '  received  status 500 "<html>\u0001"',
      '',
      'Not tried:',
      '  no data: a.untried',
      '',
      'image:1 does not conform: 1 passed, 1 broken, 1 not tried',
    ]);
  });

  it('as JUnit has a failure per broken rule, skips what was not tried, and escapes what XML does not have', () => {
    expect(formatJUnit(report).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="algo conformance" tests="3" failures="1" errors="0" time="0.750">',
      '  <testsuite name="image:1" tests="3" failures="1" errors="0" skipped="1" time="0.750">',
      '    <testcase classname="conformance.a" name="a.passed" time="0.500"/>',
      '    <testcase classname="conformance.a" name="a.broken" time="0.250">',
      '      <failure type="must" message="status 500 &quot;&lt;html&gt;\ufffd&quot;">Rule: It is &lt;so&gt; &amp; &quot;so&quot;.&#10;Source: Guide: a page&#10;Received: status 500 &quot;&lt;html&gt;\ufffd&quot;</failure>',
      '    </testcase>',
      '    <testcase classname="conformance.a" name="a.untried" time="0.000">',
      '      <skipped message="no data"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
    ]);
  });
});
