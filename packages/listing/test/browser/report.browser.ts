/** The reports of all three algorithms: their numbers against those that the training job logged, and their pages. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureClassification, measureRegression } from '../../src/report/evaluation/measures.js';
import { formatNumber, formatScore } from '../../src/report/page/numbers.js';
import { ALGORITHMS } from '../support/product.js';
import { reportOf } from '../support/validation-folder.js';
import { makeReport, useChromium } from './report-page.js';

type Made = Awaited<ReturnType<typeof makeReport>>;

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const openPage = useChromium();
const made = new Map<string, Made>();
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'algo-report-'));
  for (const algorithm of ALGORITHMS) made.set(algorithm, await makeReport(algorithm, join(folder, algorithm)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function outcomeOf(algorithm: string) {
  const { outcome } = await made.get(algorithm)!.evaluate();
  return outcome;
}

/** Of a definition list in the page. */
async function factsOf(page: Page, section: string): Promise<Readonly<Record<string, string>>> {
  const names = await page.locator(`#${section} dl dt`).allTextContents();
  const values = await page.locator(`#${section} dl dd`).allTextContents();
  return Object.fromEntries(names.map((name, i) => [name, values[i]!]));
}

/** Axe's violations, as rule and place. */
async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.addScriptTag({ path: AXE });
  const { violations } = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as AxeResults; // all rules
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

describe('what the page measures through the server is what the training job measured by itself', () => {
  it('errors of linear regression', async () => {
    const { metrics } = made.get('linear-regression')!.validation;
    const outcome = await outcomeOf('linear-regression');
    if (outcome.task !== 'regression') throw new Error('must be a regression');
    const { rmse, mae, r2 } = measureRegression(outcome);

    expect(rmse).toBeCloseTo(metrics['validation:rmse']!, 4); // grams, three digits before the point; logged with eight
    expect(mae).toBeCloseTo(metrics['validation:mae']!, 4);
    expect(r2).toBeCloseTo(metrics['validation:r2']!, 7);
    const page = await openPage(made.get('linear-regression')!.report.file);
    expect(await factsOf(page, 'quality')).toMatchObject({
      'Root mean squared error': formatNumber(metrics['validation:rmse']!),
      'R²': formatNumber(metrics['validation:r2']!),
    });
  });

  it('AUC and log loss of gradient boosting, in the round that it kept', async () => {
    const { metrics } = made.get('gradient-boosting')!.record;
    const valuesOf = (name: string) => metrics.filter((metric) => metric.name === name).map(({ value }) => value);
    const [losses, areas] = [valuesOf('validation:logloss'), valuesOf('validation:auc')];
    const best = losses.indexOf(Math.min(...losses));
    const outcome = await outcomeOf('gradient-boosting');
    if (outcome.task !== 'classification') throw new Error('must be a classification');
    const { auc, logLoss } = measureClassification(outcome);

    expect(logLoss).toBeCloseTo(losses[best]!, 6); // answers are float32
    expect(auc).toBeCloseTo(areas[best]!, 7); // logged with eight digits
    const page = await openPage(made.get('gradient-boosting')!.report.file);
    expect(await factsOf(page, 'quality')).toMatchObject({
      AUC: formatScore(areas[best]!),
      'Log loss': formatNumber(losses[best]!),
    });
  });

  it('accuracy and loss of the neural network', async () => {
    const { metrics } = made.get('neural-network')!.validation;
    const outcome = await outcomeOf('neural-network');
    if (outcome.task !== 'classification') throw new Error('must be a classification');
    const { accuracy, logLoss } = measureClassification(outcome);

    expect(accuracy).toBeCloseTo(metrics['validation:accuracy']!, 6);
    expect(logLoss).toBeCloseTo(metrics['validation:loss']!, 5); // float32 sums in another order
  });
});

describe.each(ALGORITHMS)('the page of %s', (algorithm) => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)('is accessible and no wider than the window: %s, %d pixels', async (colorScheme, width) => {
    const { file } = made.get(algorithm)!.report;
    const page = await openPage(file, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });

    const sizes = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(sizes)).toBe(0);
    await page.locator('details').evaluateAll((all) => {
      for (const details of all) details.setAttribute('open', '');
    });
    expect(await page.evaluate(sizes)).toBe(0);
    expect(await violationsOf(page)).toEqual([]);
  });

  it('has every section, each chart with the values that it draws, and nothing left out', async () => {
    const { file, leftOut, bytes } = made.get(algorithm)!.report;
    const page = await openPage(file);

    expect(leftOut).toEqual([]);
    expect(bytes).toBeLessThan(300_000);
    const links = await page.locator('nav a').evaluateAll((all) => all.map((link) => link.getAttribute('href')));
    expect(links).toHaveLength(11);
    for (const link of links) expect(await page.locator(link!).count(), link!).toBe(1);
    const charts = page.locator('figure.chart');
    expect(await charts.count()).toBeGreaterThan(3);
    for (const chart of await charts.all()) expect(await chart.locator('tbody tr').count()).toBeGreaterThan(0);
    expect(await page.locator('.left').allTextContents()).toEqual([expect.stringContaining('validated as a process')]);
    expect(readFileSync(file, 'utf8')).not.toContain(folder);
  });

  it('needs no scripts, and has no links to its sections on paper', async () => {
    const { report } = made.get(algorithm)!;
    const page = await openPage(report.file, { javaScriptEnabled: false });

    expect(await page.locator('h1').textContent()).not.toBe('');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('nav').isVisible()).toBe(false);
  });
});

it('a hostile text is shown as text, and the policy would stop a script', async () => {
  const hostile = `<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>`;
  const { file } = await reportOf({ description: { Description: hostile } });
  const page = await openPage(file);

  expect(await page.locator('.lead').textContent()).toBe(hostile);
  expect(await page.locator('script, img').count()).toBe(0);
  expect(await page.evaluate('window.hacked')).toBeUndefined();
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; img-src data:;/);
});
