import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scan } from '../../src/image/scanner.js';
import { makeFolder, writeFiles } from '../scene.js';

/** Makes these programs, and no others, what PATH leads to; each prints its text. */
function installOnly(programs: Readonly<Record<string, string>>): void {
  const path = process.env.PATH;
  onTestFinished(() => {
    process.env.PATH = path;
  });
  const scripts = Object.entries(programs).map(([name, text]) => [name, `#!/bin/sh\n${text}\n`]);
  const folder = writeFiles(makeFolder(), Object.fromEntries(scripts));
  for (const name of Object.keys(programs)) chmodSync(join(folder, name), 0o755);
  process.env.PATH = folder;
}

const TRIVY = {
  Results: [
    { Vulnerabilities: [{ VulnerabilityID: 'CVE-1', Severity: 'LOW' }] },
    { Vulnerabilities: [{ VulnerabilityID: 'CVE-2', Severity: 'HIGH' }] },
    {},
  ],
};
const GRYPE = { matches: [{ vulnerability: { id: 'CVE-3', severity: 'Negligible' } }] };

it.each([
  ['without a scanner nothing is claimed', {}, 'unknown', /^not scanned: neither trivy nor grype/],
  [
    'a high finding of trivy fails',
    { trivy: `echo '${JSON.stringify(TRIVY)}'` },
    'failed',
    /2 found, 1 .*: CVE-2 high$/,
  ],
  ['low findings of grype pass', { grype: `echo '${JSON.stringify(GRYPE)}'` }, 'passed', /^grype: 1 found, 0 of them/],
  [
    'a scanner that fails says nothing',
    { trivy: 'echo no database >&2; exit 1' },
    'unknown',
    /^not scanned: trivy failed/,
  ],
  ['output of another kind says nothing', { trivy: 'echo []' }, 'unknown', /^not scanned: trivy wrote something else/],
])('%s', async (_, programs, result, text) => {
  installOnly(programs);

  expect(await scan('sbom.cdx.json')).toMatchObject({ result, text: expect.stringMatching(text) });
});
