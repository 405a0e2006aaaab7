import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/store.js';
import { makeFolder, openScene, trainingJob } from '../support/scene.js';
import { useChromium } from './chromium.js';

const JOBS = 10_000;
const openPage = useChromium();

/** A data folder with jobs that have ended, written as the server writes them. */
function makeJobs(): string {
  const folder = makeFolder();
  const store = openStore(folder);
  store.transaction(() => {
    for (let i = 0; i < JOBS; i++) {
      const name = `job-${String(i).padStart(5, '0')}`;
      const status = i % 10 === 0 ? 'Failed' : 'Completed';
      const body = {
        ...trainingJob(name),
        ...{ TrainingJobStatus: status, SecondaryStatus: status, CreationTime: i, TrainingEndTime: i + 5 },
        ...{ LastModifiedTime: i, SecondaryStatusTransitions: [] },
      };
      store.records.insert({
        kind: 'training-job',
        name,
        arn: join('arn', name),
        status,
        created: i,
        modified: i,
        body,
      });
    }
  });
  store.close();
  return folder;
}

it('of 10,000 jobs only those in view are in the document, and any of them is found', async () => {
  const { api } = await openScene({ folder: makeJobs() });
  const page = await openPage(api.url);
  const count = () => page.locator('*').count();
  const firstName = () => page.locator('.grid-body [role=row] a').first().textContent();

  await page.getByText('10,000 in total').first().waitFor();
  await page.getByRole('row', { name: /job-09999/ }).waitFor();
  const atStart = await count();
  await page.getByRole('row', { name: /job-09999/ }).focus();
  await page.keyboard.press('End');
  await page.getByRole('row', { name: /job-00000/ }).waitFor();
  const atEnd = await count();
  await page.locator(`[aria-rowindex="${JOBS + 1}"]:focus`).waitFor(); // drawn, then focused
  await page.keyboard.press('/');
  await page.keyboard.type('job-0500 failed');
  await page.getByText('1 of 10,000').waitFor();

  expect(atStart).toBeLessThan(2000);
  expect(atEnd).toBeLessThan(2000);
  await expect.poll(firstName).toBe('job-05000'); // drawn again after the list has scrolled to its start
});
