/** A Chromium with pages of the console, and what went wrong in them. */
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Of each wait, so that a failure names its step; far below the limit of a test (vitest.base.ts), which would name none. */
const WAIT_MS = 120_000;

export interface PageOptions extends BrowserContextOptions {
  /** Answers of the server that are part of the test. */
  readonly expectsStatus?: number;
  /** The server ends meanwhile. */
  readonly expectsRefusal?: boolean;
}

/**
 * A browser for the tests of a file; a context of its own, with no memory, for each page. Errors, violations of the content
 * security policy among them, and requests to other servers fail the test.
 */
export function useChromium(): (url: string, options?: PageOptions) => Promise<Page> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'], timeout: WAIT_MS });
  });
  afterAll(() => browser.close());
  return async (url, { expectsStatus, expectsRefusal = false, ...options } = {}) => {
    const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, ...options });
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(String(error.stack)));
    page.on('console', (message) => {
      const isExpected =
        message.text().includes(`the server responded with a status of ${expectsStatus}`) ||
        (expectsRefusal &&
          /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE/.test(
            message.text(),
          ));
      if (message.type() === 'error' && !isExpected) problems.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(new URL(url).origin)) problems.push(`request to ${request.url()}`);
    });
    onTestFinished(async () => {
      await context.close();
      expect(problems).toEqual([]);
    });
    await slowDown(page);
    await holdUp(page);
    await page.goto(url);
    return page;
  };
}

// --- internal ---

/** `CPU_SLOWDOWN=6 npm run test:browser` runs pages as a machine of a sixth of the speed does. */
async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env.CPU_SLOWDOWN ?? 1);
  if (rate === 1) return;
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

/** `ANSWER_DELAY_MS=800 npm run test:browser` holds up each answer for up to that long, so that they come in other orders. */
async function holdUp(page: Page): Promise<void> {
  const most = Number(process.env.ANSWER_DELAY_MS ?? 0);
  if (most === 0) return;
  await page.route('**', async (route) => {
    await delay(Math.random() * most);
    await route.fallback().catch(() => undefined); // the page has gone
  });
}

/** @throws Error that says how to get one */
function findChromium(): string {
  const path = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  if (path !== undefined) return path;
  throw new Error(`Chromium must be installed as one of ${PLACES.join(', ')}, or named by CHROMIUM.`);
}
