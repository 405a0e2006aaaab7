import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { openScene } from '../support/scene.js';
import { useChromium } from './chromium.js';

const IMAGE = '123456789012.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3';
const openPage = useChromium();

/** Presses Tab until the element of that name has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  const target = page.getByLabel(name, { exact: true }).or(page.getByRole('button', { name, exact: true }));
  await target.first().waitFor();
  for (let presses = 0; presses < 60; presses++) {
    await press(page, 'Tab');
    if (await target.evaluateAll((all) => all.some((one) => one.matches(':focus')))) return;
  }
  throw new Error(`Tab must lead to "${name}"; it has not after 60 presses.`);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

async function fill(page: Page, name: string, text: string): Promise<void> {
  await tabTo(page, name);
  await press(page, 'Control+A');
  await page.keyboard.type(text);
  expect(await page.locator(':focus').inputValue(), name).toBe(text);
}

it('a job is trained, seen, stopped and run again with changes by keys alone', async () => {
  const { api, put, call } = await openScene();
  put({ 'train/a.csv': '1,2\n3,4\n' });
  const page = await openPage(api.url);
  await page.getByText('No training jobs yet.').waitFor();

  await press(page, 'n');
  await page.getByRole('heading', { name: 'New training job' }).waitFor();
  await fill(page, 'Name', 'by-keys');
  await fill(page, 'Image or algorithm name', IMAGE);
  await press(page, 'Escape'); // the browser's list of images
  await tabTo(page, 'Hyperparameter');
  await press(page, 'Enter', 'Shift+Tab', 'Shift+Tab', 'Shift+Tab');
  await page.keyboard.type('behave');
  await press(page, 'Tab');
  await page.keyboard.type('wait');
  await fill(page, 'S3 URI of channel train', 's3://data/train/');
  await fill(page, 'Output', 's3://data/out');
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor();
  await press(page, 'Enter');

  await page.getByRole('heading', { name: 'by-keys' }).waitFor();
  await page.getByText('waiting').first().waitFor();
  await press(page, 's');
  await page.getByRole('dialog', { name: 'Stop this training job?' }).waitFor();
  await press(page, 'Tab', 'Enter');
  await page.getByRole('main').getByText('Stopped', { exact: true }).first().waitFor();

  await press(page, 'r');
  await page.getByRole('heading', { name: 'Run by-keys again' }).waitFor();
  await fill(page, 'Value of behave', 'well');
  await press(page, 'Enter');
  await page.getByRole('dialog').waitFor();
  await press(page, 'Enter');
  await page.getByRole('heading', { name: 'by-keys-2' }).waitFor();
  await page.getByRole('main').getByText('Completed', { exact: true }).first().waitFor();

  await press(page, 'u');
  await page.getByRole('row', { name: /by-keys-2/ }).waitFor();
  await press(page, '/', 'ArrowDown', 'x', 'ArrowDown', ' ', 'c');
  await page.getByRole('heading', { name: 'Compare 2 training jobs' }).waitFor();
  const compared = page.getByRole('row', { name: /behave/ }).getByRole('cell');

  // The jobs are described one by one.
  await expect.poll(async () => (await compared.allTextContents()).sort()).toEqual(['wait', 'well']);
  const { body } = await call('DescribeTrainingJob', { TrainingJobName: 'by-keys-2' });
  expect(body).toMatchObject({ HyperParameters: { behave: 'well' }, TrainingJobStatus: 'Completed' });
});

it('keys of one letter do nothing in a field, and can be switched off', async () => {
  const { api } = await openScene();
  const page = await openPage(api.url);
  await page.getByText('No training jobs yet.').waitFor();

  await press(page, '/');
  await page.keyboard.type('n?');
  expect(await page.getByRole('searchbox').inputValue()).toBe('n?');
  await press(page, 'Tab', '?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.getByLabel('Enable single-key shortcuts').press(' ');
  await press(page, 'Escape', 'n');

  expect(new URL(page.url()).hash).toBe('');
});

it('a page and a dialog have the focus before they are painted: no key that is pressed early is lost', async () => {
  const { api } = await openScene();
  const page = await openPage(api.url);
  await page.getByText('No training jobs yet.').waitFor();

  // The page draws after the event, in the same task; painting is a later one.
  const afterEvent = (act: string, event: string) =>
    page.evaluate(`new Promise((resolve) => {
      window.addEventListener('${event}', async () => {
        for (let turns = 0; turns < 20; turns++) await undefined;
        const active = document.activeElement;
        resolve([active.tagName, active.textContent.trim(), active.closest('dialog') !== null]);
      }, { once: true });
      ${act};
    })`);
  const opened = await afterEvent(`document.querySelector('[data-key="n"]').click()`, 'hashchange');
  const asked = await afterEvent(
    `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))`,
    'keydown',
  );

  expect(opened).toEqual(['H1', 'New training job', false]);
  expect(asked).toMatchObject({ 2: true });
});
