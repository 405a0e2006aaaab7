/** The README's algorithm that continues from a checkpoint, as it is printed there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { readCheckpoint } from '../src/testing/checkpoint.js';
import { runTraining } from '../src/testing/training.js';
import { createStopSignal } from '../src/training/stop.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
// Inside the package, so that its own name resolves to it; `run` would make this process the program.
const directory = mkdtempSync(join(folder, 'dist', 'readme-'));

afterAll(() => rmSync(directory, { recursive: true }));

it('the algorithm of section Checkpoints continues where a stop ended it', async () => {
  const readme = readFileSync(join(folder, 'README.md'), 'utf8');
  const [, code = ''] = /## Checkpoints and stops\n.*?```ts\n(.*?)```/s.exec(readme) ?? [];
  writeFileSync(join(directory, 'patient.ts'), code.replace('await run(patient);', 'export default patient;'));
  const { default: patient } = await import(join(directory, 'patient.ts'));
  const channels = { train: { '1.csv': '4,1\n7,2\n' } };
  const { stop: none, request } = createStopSignal();
  // Asked for when the algorithm looks for it, after its first epoch.
  const stop = {
    ...none,
    async check() {
      request();
      return true;
    },
    get requested() {
      return none.requested;
    },
  };

  const stopped = await runTraining(
    patient,
    { channels, hyperparameters: { epochs: '9' }, hasCheckpoints: true },
    stop,
  );
  const files = { 'state.1': readCheckpoint(stopped.root, 'state')! };
  const rest = await runTraining(patient, { channels, hyperparameters: { epochs: '3' }, checkpoints: files });

  expect(files['state.1'].toString()).toContain('{"epoch":1,"sum":11}');
  expect(rest.failure).toBeUndefined();
  expect(rest.lines).toContain('train:sum=33');
  stopped.root.remove();
  rest.root.remove();
});
