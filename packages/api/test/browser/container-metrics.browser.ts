import { expect, it } from 'vitest';
import { deploy, invoke } from '../support/endpoint.js';
import { openScene } from '../support/scene.js';
import { useChromium } from './chromium.js';

const openPage = useChromium();

it("an endpoint's page has its container's counts and latency, and charts of them as requests come", async () => {
  const scene = await openScene();
  await deploy(scene, { METRICS: 'yes' });
  const { url } = scene.api;
  for (let i = 0; i < 4; i++) await invoke(url, 'end', '5');
  const page = await openPage(`${url}/#/endpoints/end`);
  const card = page.getByRole('region', { name: 'Container metrics: AllTraffic' });
  const tile = (title: string) => card.locator('div:has(> dt)').filter({ has: page.getByText(title, { exact: true }) });

  await tile('Requests, 200').getByText('4', { exact: true }).waitFor();
  const first = await card.locator('dt, dd').allTextContents();
  await card.getByRole('img', { name: /^Chart of Memory, MB\. Memory: 2 values from 52 to 52/ }).waitFor();
  for (let i = 0; i < 6; i++) await invoke(url, 'end', '5');
  await tile('Requests, 200').getByText('10', { exact: true }).waitFor();
  const rate = card.getByRole('img', { name: /^Chart of Requests per second\. 200: \d+ values from 0 to [0-9.]+/ });
  const latency = card.getByRole('img', { name: /^Chart of Latency, ms\. p50: \d+ values from 10 to 10.*p99: / });
  await latency.waitFor();

  expect(first).toEqual([
    ...['Latency, p50', '10 ms', 'Latency, p90', '82 ms', 'Latency, p99', '98.2 ms', 'Requests, 200', '4'],
    ...['Queue', '3', 'Memory', '52 MB', 'own_value', '1.5'],
  ]);
  expect(await rate.count()).toBe(1);
  expect(await card.locator('canvas').count()).toBe(5);
});

it('the page of an endpoint whose container has no metrics says so', async () => {
  const scene = await openScene();
  await deploy(scene);
  const page = await openPage(`${scene.api.url}/#/endpoints/end`);

  await page.getByRole('region', { name: 'Container metrics: AllTraffic' }).getByText('no metrics').waitFor();
});
