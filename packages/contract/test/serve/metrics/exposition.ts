/**
 * A strict reader of Prometheus's text format, by its published rules: each metric has one HELP and one TYPE before its
 * samples, which are together; no sample occurs twice; the text ends with a line feed; buckets of a histogram grow up
 * to `+Inf`, which equals `_count`.
 */
import { expect } from 'vitest';

export interface Family {
  readonly type: string;
  readonly help: string;
  /** By name with labels, as written. */
  readonly samples: Map<string, number>;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? (-?[0-9.e+-]+|[+-]Inf|NaN)$`);

/** The metrics by name. @throws where the text breaks a rule */
export function readExposition(text: string): Map<string, Family> {
  expect(text.endsWith('\n')).toBe(true);
  const families = new Map<string, Family>();
  let open = '';
  let help: string | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = line.match(`^# (HELP|TYPE) (${NAME}) (.+)$`) ?? [];
    if (kind === 'HELP') {
      open = name;
      help = rest;
      expect(families.has(name), `${name} is described once`).toBe(false);
    } else if (kind === 'TYPE') {
      expect(name).toBe(open);
      expect(['counter', 'gauge', 'histogram']).toContain(rest);
      families.set(name, { type: rest, help: help!, samples: new Map() });
    } else readSample(line, open, families);
  }
  for (const [name, { type, samples }] of families) {
    if (type === 'counter') expect(name).toMatch(/_total$/);
    if (type === 'histogram') checkHistogram(name, samples);
  }
  return families;
}

// --- internal ---

function readSample(line: string, open: string, families: Map<string, Family>): void {
  const [, name, labels, value] = SAMPLE.exec(line) ?? [];
  expect(name, `a sample: ${line}`).toBeDefined();
  const family = families.get(open)!;
  const suffix = name!.slice(open.length);
  expect(name!.startsWith(open), `${line} is among the samples of ${open}`).toBe(true);
  expect(family.type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).toContain(suffix);
  const key = labels === undefined ? name! : `${name}{${labels}}`;
  expect(family.samples.has(key), `${key} occurs once`).toBe(false);
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value);
  if (family.type === 'counter') expect(number).toBeGreaterThanOrEqual(0);
  family.samples.set(key, number);
}

function checkHistogram(name: string, samples: ReadonlyMap<string, number>): void {
  const series = new Map<string, [bound: number, count: number][]>();
  for (const [key, value] of samples) {
    const [, labels = '', bound] = key.match(/_bucket\{(.*?),?le="([^"]+)"\}$/) ?? [];
    if (bound === undefined) continue;
    const bounds = series.get(labels) ?? [];
    series.set(labels, [...bounds, [bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound), value]]);
  }
  for (const [labels, bounds] of series) {
    expect(bounds).toEqual(bounds.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
    expect(bounds.map(([, count]) => count)).toEqual(bounds.map(([, count]) => count).toSorted((a, b) => a - b));
    expect(bounds.at(-1)).toEqual([Number.POSITIVE_INFINITY, samples.get(`${name}_count{${labels}}`)]);
    expect(samples.has(`${name}_sum{${labels}}`)).toBe(true);
  }
}
