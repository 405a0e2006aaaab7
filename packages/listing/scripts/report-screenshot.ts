/**
 * Takes the picture of a report that README shows: quality and feature importance, in Chromium.
 *
 *   npx algo validate gradient-boosting && npx algo report gradient-boosting
 *   npm run report-screenshot --workspace @algo/listing [-- ALGORITHM FILE]
 */
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const root = join(import.meta.dirname, '..', '..', '..');
const [algorithm = 'gradient-boosting', file = join(import.meta.dirname, '..', 'report.png')] = process.argv.slice(2);
const report = join(root, '.algo', 'report', `${algorithm}.html`);

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1000, height: 900 }, colorScheme: 'light' });
await page.goto(pathToFileURL(report).href);
const top = await page.locator('#quality .charts').boundingBox();
const bottom = await page.locator('#importance').boundingBox();
const clip = { x: 0, y: top!.y - 12, width: 1000, height: bottom!.y + bottom!.height - top!.y + 24 };
await page.screenshot({ path: resolve(file), fullPage: true, clip });
await browser.close();
console.log(`wrote ${resolve(file)}`);
