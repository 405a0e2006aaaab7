/** The page of metrics as Prometheus's own client reads it, which comes from PyPI. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonEnvironment } from '@algo/bench';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { endServers, openWire, post, startServer, untilReady } from '../running-server.js';
import { readExposition } from './exposition.js';

afterEach(endServers);

interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly (readonly [name: string, labels: Readonly<Record<string, string>>, value: number])[];
}

it('is read by prometheus_client as the same metrics, types and values', async () => {
  const server = await startServer();
  await untilReady(server);
  const wire = openWire(server.port);
  wire.send(post('1,2,3\n4,5,6\n') + post('x,2,3') + post('1,2,3').replace('/invocations', '/no"where\\'));
  await wire.until('404');
  wire.socket.destroy();
  const page = await fetch(`${server.url}/metrics`).then((response) => response.text());
  const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'page.txt'), page);

  const python = await pythonEnvironment(['prometheus_client'], () => {});
  expect(python.missing(['prometheus_client'])).toBeUndefined();
  const { output } = await python.run(join(import.meta.dirname, 'parse_exposition.py'), [join(folder, 'page.txt')]);
  const families: Family[] = JSON.parse(output);

  const ours = readExposition(page);
  // The client takes `_total` off the names of counters, as OpenMetrics has it.
  expect(families.map(({ name, type }) => (type === 'counter' ? `${name}_total` : name))).toEqual([...ours.keys()]);
  expect(families.map(({ type, help }) => [type, help])).toEqual(
    [...ours.values()].map(({ type, help }) => [type, help]),
  );
  const values = families.flatMap(({ samples }) => samples.map(([, , value]) => value));
  expect(values).toEqual([...ours.values()].flatMap(({ samples }) => [...samples.values()]));
  expect(families.find(({ name }) => name === 'algo_requests')?.samples).toContainEqual([
    'algo_requests_total',
    { route: '/invocations', status: '200' },
    1,
  ]);
});
