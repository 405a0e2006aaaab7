/** Programs of a test's own on PATH, in the place of the ones that the machine may have. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeFolder, writeFiles } from '../scene.js';

/**
 * Makes these programs, and no others, what PATH leads to, until the test is over.
 * @param programs name → shell script
 */
export function installOnly(programs: Readonly<Record<string, string>>): void {
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  const scripts = Object.entries(programs).map(([name, text]) => [name, `#!/bin/sh\n${text}\n`]);
  const folder = writeFiles(makeFolder(), Object.fromEntries(scripts));
  for (const name of Object.keys(programs)) chmodSync(join(folder, name), 0o755);
  process.env.PATH = folder;
}
