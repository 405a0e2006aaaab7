/** The report in its forms. */
import { describe, expect, it } from 'vitest';
import { type ConformanceReport, formatJUnit, formatText, type RuleResult } from '../src/index.js';

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
  it('for people has each broken rule with its source, and the sum', () => {
    expect(formatText(report).split('\n')).toEqual([
      'a.broken (must)',
      '  rule      It is <so> & "so".',
      '  source    Guide: a page',
      '  received  status 500 "<html>\u0001"',
      '',
      'image:1 does not conform: 1 passed, 1 broken, 1 not tried',
    ]);
  });

  it('as JUnit has a failure per broken rule, skips what was not tried, and escapes what XML does not have', () => {
    expect(formatJUnit(report).split('\n')).toEqual([
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites tests="3" failures="1" skipped="1" time="0.750">',
      '  <testsuite name="image:1" tests="3" failures="1" skipped="1" time="0.750">',
      '    <testcase classname="must" name="a.passed" time="0.500"/>',
      '    <testcase classname="must" name="a.broken" time="0.250">',
      '      <failure type="must" message="status 500 &quot;&lt;html&gt;\ufffd&quot;">It is &lt;so&gt; &amp; &quot;so&quot;.&#10;Source: Guide: a page</failure>',
      '    </testcase>',
      '    <testcase classname="must" name="a.untried" time="0.000">',
      '      <skipped message="no data"/>',
      '    </testcase>',
      '  </testsuite>',
      '</testsuites>',
    ]);
  });
});
