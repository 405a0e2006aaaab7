/** Reports of this repository's algorithms, and a Chromium that shows a file; what the page asks for or reports is a failure. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describeProgram, locateProgram, validateAlgorithm } from '@algo/local';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { evaluate } from '../../src/report/evaluation/evaluate.js';
import { readRecord } from '../../src/report/record.js';
import { writeReport } from '../../src/report/report.js';
import { ROOT } from '../support/product.js';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Of each wait, so that a failure names its step; far below the limit of a test (vitest.base.ts), which would name none. */
const WAIT_MS = 120_000;

/** A browser for the tests of a file. */
export function useChromium(): (file: string, options?: BrowserContextOptions) => Promise<Page> {
  let browser: Browser;
  beforeAll(async () => {
    const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
    if (executablePath === undefined) throw new Error(`Chromium must be one of ${PLACES.join(', ')}, or CHROMIUM.`);
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox'], timeout: WAIT_MS });
  });
  afterAll(() => browser.close());
  return async (file, options = {}) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    const url = pathToFileURL(file).href;
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => problems.push(message.text()));
    page.on('request', (request) => {
      if (request.url() !== url && !request.url().startsWith('data:')) problems.push(`request to ${request.url()}`);
    });
    onTestFinished(async () => {
      await context.close();
      expect(problems).toEqual([]);
    });
    await page.goto(url);
    return page;
  };
}

/** Validates an algorithm and writes its report. @param folder for both */
export async function makeReport(algorithm: string, folder: string) {
  const program = locateProgram(join(ROOT, 'algorithms', algorithm));
  const definition = await describeProgram(program);
  const sampleData = join(ROOT, 'sample-data', algorithm);
  const directory = join(folder, 'validation');
  const validation = await validateAlgorithm({ program, description: definition, sampleData, directory });
  expect(validation.cause).toBeUndefined();
  const workDirectory = join(folder, 'server');
  const report = await writeReport({
    ...{ program, definition, sampleData, directory, workDirectory, folder: program.folder, from: ROOT },
    ...{ checkFolder: join(folder, 'image'), file: join(folder, 'report.html') },
    commands: {
      validate: `npx algo validate ${algorithm}`,
      report: `npx algo report ${algorithm}`,
      check: `npx algo image check ${algorithm}`,
    },
  });
  const record = readRecord(directory, '');
  return { validation, report, record, evaluate: () => evaluate({ record, program, workDirectory }) };
}
