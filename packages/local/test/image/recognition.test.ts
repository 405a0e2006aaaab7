/**
 * Whether scanners see in the image what is in it: its operating system, every Debian package, every package of the
 * bundle. They list it without their vulnerability data, so that this works without a network; CONTRIBUTING.md says how
 * to get them. Amazon's own scanner cannot be had; it reads the same two files (os-release and dpkg's status).
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findEngine } from '../../src/container/engine.js';
import { readOperatingSystem, readPackages } from '../../src/image/debian.js';
import { exportImage, saveArchive } from '../../src/image/export.js';
import { readFiles } from '../../src/image/files.js';
import { readInventories } from '../../src/image/sbom.js';
import { makeFolder } from '../scene.js';
import { IMAGE } from './image-scene.js';

const SCANNERS = [
  { name: 'trivy', args: (archive: string) => ['image', '--input', archive, '--quiet', '--format', 'cyclonedx'] },
  {
    name: 'syft',
    args: (archive: string) => [
      ...['scan', `docker-archive:${archive}`, '--quiet', '--output', 'cyclonedx-json'],
      ...['--select-catalogers', '+sbom-cataloger'],
    ],
  },
];

const billSchema = z.looseObject({
  components: z.array(
    z.looseObject({ type: z.string(), name: z.string(), version: z.string().optional(), purl: z.string().optional() }),
  ),
});

/** `name@version` of the package URLs of a type, sorted, each once. */
function packagesOf(urls: readonly (string | undefined)[], type: 'deb/debian' | 'npm'): readonly string[] {
  const prefix = `pkg:${type}/`;
  const own = urls.flatMap((url) => (url?.startsWith(prefix) ? [url.slice(prefix.length).replace(/\?.*$/, '')] : []));
  return [...new Set(own.map(decodeURIComponent))].sort();
}

describe.skipIf(!IMAGE)('the image (skipped without ALGO_TEST_IMAGE)', () => {
  const title = 'is recognised by $name (skipped where that is not installed)';
  it.for(SCANNERS)(title, async ({ name, args }, { skip }) => {
    if (spawnSync(name, ['--version']).error) skip();
    const folder = makeFolder();
    const engine = await findEngine('read');
    const { layers } = await exportImage(engine, IMAGE!, join(folder, 'exported'));
    const files = await readFiles(layers, (path) => /(os-release|dpkg\/status|\.cdx\.json)$/.test(path));
    const archive = await saveArchive(engine, IMAGE!, join(folder, 'archive.tar'));

    const output = execFileSync(name, args(archive), { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });

    const { components } = billSchema.parse(JSON.parse(output));
    const urls = components.map(({ purl }) => purl);
    const system = components.find(({ type }) => type === 'operating-system');
    expect(`${system?.name} ${system?.version?.split('.')[0]}`).toBe(readOperatingSystem(files)!.release);
    expect(packagesOf(urls, 'deb/debian')).toEqual(readPackages(files).map((one) => `${one.name}@${one.version}`));
    const bundled = readInventories(files).map(({ purl }) => purl);
    expect(packagesOf(urls, 'npm')).toEqual(expect.arrayContaining([...packagesOf(bundled, 'npm')]));
  });
});
