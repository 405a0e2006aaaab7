import { expect, it } from 'vitest';
import { scan } from '../../src/image/scanner.js';
import { installOnly } from './programs.js';

/** The parts that are read, among others that are not, as trivy 0.74 writes them. */
const TRIVY = {
  SchemaVersion: 2,
  Trivy: { Version: '0.74.0' },
  ArtifactName: 'image.tar',
  ArtifactType: 'container_image',
  Metadata: { Size: 1, OS: { Family: 'debian', Name: '13.8' }, ImageID: 'sha256:0' },
  Results: [
    {
      Target: 'image.tar (debian 13.8)',
      Class: 'os-pkgs',
      Type: 'debian',
      Vulnerabilities: [
        { VulnerabilityID: 'CVE-1', PkgName: 'libc6', InstalledVersion: '1', Status: 'affected', Severity: 'LOW' },
        { VulnerabilityID: 'CVE-2', PkgName: 'libc6', InstalledVersion: '1', FixedVersion: '2', Severity: 'HIGH' },
        { VulnerabilityID: 'CVE-3', PkgName: 'perl-base', Status: 'will_not_fix', Severity: 'CRITICAL' },
        { VulnerabilityID: 'CVE-3', PkgName: 'perl-base', Status: 'will_not_fix', Severity: 'CRITICAL' },
      ],
    },
    { Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg' },
  ],
};

/** As grype 0.121 writes it. */
function grype(severity: string) {
  return {
    matches: [
      {
        vulnerability: { id: 'CVE-4', severity, fix: { versions: ['2'], state: 'fixed' }, advisories: [] },
        relatedVulnerabilities: [],
        matchDetails: [{ type: 'exact-indirect-match', matcher: 'dpkg-matcher' }],
        artifact: { name: 'libc6', version: '1', type: 'deb', upstreams: [{ name: 'glibc' }] },
      },
    ],
    source: { type: 'image', target: {} },
    distro: { name: 'debian', version: '13', idLike: [] },
    descriptor: { name: 'grype', version: '0.121.2' },
  };
}

const print = (value: unknown) => `echo '${JSON.stringify(value)}'`;
const { Metadata: _, ...WITHOUT_SYSTEM } = TRIVY;

it.each([
  ['without a scanner nothing is claimed', {}, 'unknown', /^not scanned: neither trivy nor grype/],
  [
    'high and critical findings of trivy fail, each named once with its package and its fix',
    { trivy: print(TRIVY) },
    'failed',
    /^trivy, debian 13\.8: 3 found, 2 of them .*: CVE-2 high in libc6 \(fixed in 2\), CVE-3 critical in perl-base \(no fix\)$/,
  ],
  [
    'low findings of grype pass',
    { grype: print(grype('Negligible')) },
    'passed',
    /^grype, debian 13: 1 found, 0 of them critical or high$/,
  ],
  ['high findings of grype fail', { grype: print(grype('High')) }, 'failed', /: CVE-4 high in libc6 \(fixed in 2\)$/],
  [
    'no findings are none where the scanner does not know the system',
    { trivy: print({ ...WITHOUT_SYSTEM, Results: [] }) },
    'unknown',
    /^not scanned: trivy does not know the image's operating system/,
  ],
  [
    'a scanner that fails says nothing',
    { trivy: '[ "$1" = --version ] || { echo no database >&2; exit 1; }' },
    'unknown',
    /^not scanned: trivy failed: .*no database/,
  ],
  [
    'output of another kind says nothing',
    { trivy: 'echo []' },
    'unknown',
    /^not scanned: trivy wrote unexpected output/,
  ],
])('%s', async (_, programs, result, text) => {
  installOnly(programs);

  expect(await scan(async () => 'image.tar')).toMatchObject({ result, text: expect.stringMatching(text) });
});

it('the image is exported to a file only if there is a scanner, which gets that file', async () => {
  const saved: string[] = [];
  const save = async () => {
    saved.push('saved');
    return '/folder/image.tar';
  };
  installOnly({});
  await scan(save);
  expect(saved).toEqual([]);

  installOnly({ trivy: 'echo "$@" >&2; [ "$1" = --version ]' });
  const { text } = await scan(save);

  expect(saved).toEqual(['saved']);
  expect(text).toContain('image --input /folder/image.tar --scanners vuln --quiet --format json');
});
