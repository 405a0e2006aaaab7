import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { comparePackages, findUnownedFiles, readOperatingSystem, readPackages } from '../../src/image/debian.js';
import { checkFiles, checkOwners, checkSystem } from '../../src/image/file-rules.js';
import { readFiles, textOf } from '../../src/image/files.js';
import { checkMpi } from '../../src/image/mpi-rule.js';
import { debianComponents, licenseNames, readInventories } from '../../src/image/sbom.js';
import { makeFolder, writeFiles } from '../scene.js';
import { makeLayer, packLayer } from './layers.js';

describe('the files of an image', () => {
  it('are those of all layers, without those that upper layers remove or replace', async () => {
    const layers = [
      await makeLayer({ 'a/one': '1', 'a/two': '2', 'b/three': '3', 'c/four': '4', d: 'file' }),
      await makeLayer({ 'a/.wh.one': '', 'b/.wh..wh..opq': '', 'b/five': '5', 'c/four': 'new', '.wh.d': '' }),
    ];

    const files = await readFiles(layers, () => true);

    expect(
      [...files.values()]
        .filter((file) => !file.isFolder)
        .map((file) => file.path)
        .sort(),
    ).toEqual(['/a/two', '/b/five', '/c/four']);
    expect(textOf(files, '/c/four')).toBe('new');
  });

  it('are found through links to files and folders, and a cycle of links is no problem', async () => {
    const folder = writeFiles(makeFolder(), { 'usr/lib/os-release': 'ID=x', 'usr/share/doc/base/copyright': 'free' });
    for (const [path, target] of [
      ['etc', 'usr/lib'],
      ['usr/share/doc/other', 'base'],
      ['usr/lib/again', '../lib/os-release'],
      ['circle', '/circle'],
    ]) {
      symlinkSync(target!, join(folder, path!));
    }
    const files = await readFiles([await packLayer(folder)], () => true);

    expect(textOf(files, '/etc/os-release')).toBe('ID=x');
    expect(textOf(files, '/etc/again')).toBe('ID=x');
    expect(textOf(files, '/usr/share/doc/other/copyright')).toBe('free');
    expect(textOf(files, '/circle')).toBeUndefined();
  });

  it.each<[string, boolean | undefined, Record<string, string>, string, RegExp]>([
    [
      'used',
      true,
      { 'lib/libmpi_abi.so.1': 'x', 'sbom.cdx.json': '{}' },
      'passed',
      /^MPI in \/opt\/algorithm\/mpi, 0\.0 MB/,
    ],
    [
      'used by what is not known',
      undefined,
      { 'lib/libmpi_abi.so.1': 'x', 'sbom.cdx.json': '{}' },
      'passed',
      /^MPI in/,
    ],
    ['not there', true, {}, 'warning', /has no MPI/],
    ['neither there nor used', false, {}, 'passed', /^without MPI$/],
    ['not used', false, { 'lib/libmpi_abi.so.1': 'x' }, 'warning', /which the algorithm does not use/],
    ['without an inventory', true, { 'lib/libmpi_abi.so.1': 'x' }, 'warning', /has no inventory/],
  ])('have MPI that is %s', async (_, isDistributed, mpi, result, text) => {
    const own = Object.fromEntries(
      Object.entries(mpi).map(([name, content]) => [`opt/algorithm/mpi/${name}`, content]),
    );
    const files = await readFiles([await makeLayer({ 'opt/algorithm/main.js': '', ...own })], () => false);
    const entry = { Entrypoint: ['/opt/algorithm/main.js'] };
    const config = { os: 'linux', architecture: 'amd64', config: entry, rootfs: { diff_ids: [] } };

    const item = checkMpi(config, files, isDistributed);

    expect(item).toMatchObject({ name: 'distributed training', result, text: expect.stringMatching(text) });
  });

  it('that are not allowed are listed', async () => {
    const layer = await makeLayer(
      { 'opt/ml/model/x': '', 'usr/bin/su': '', 'usr/bin/apt-get': '', 'usr/bin/gcc': '', 'usr/share/apt': '' },
      { 'usr/bin/su': 0o4755 },
    );

    const items = checkFiles(await readFiles([layer], () => false));

    expect(items.map(({ result, text }) => [result, text])).toEqual([
      ['failed', expect.stringContaining('/opt/ml/model/x')],
      ['warning', '/usr/bin/su'],
      ['warning', '/usr/bin/apt-get, /usr/bin/gcc'],
    ]);
  });

  it('pass if none of them is forbidden', async () => {
    const items = checkFiles(await readFiles([await makeLayer({ 'opt/algorithm/main.js': '' })], () => false));

    expect(items.map(({ result }) => result)).toEqual(['passed', 'passed', 'passed']);
  });
});

describe('the operating system of an image', () => {
  it.each([
    ['ID=debian\nVERSION_ID="13"\nPRETTY_NAME="Debian 13"\n', 'passed'],
    ['ID=debian\nVERSION_ID="11"\n', 'failed'],
    ['ID=alpine\nVERSION_ID=3.20.3\n', 'failed'],
    ['ID=alpine\nVERSION_ID=3.22.0\n', 'passed'],
    ['ID="centos"\nVERSION_ID="7"\n', 'failed'],
    ['ID=plan9\n', 'unknown'],
  ])('%j has the result %s', async (text, result) => {
    const files = await readFiles([await makeLayer({ 'etc/os-release': text })], () => true);

    expect(checkSystem(readOperatingSystem(files)).result).toBe(result);
  });

  it('without os-release fails', () => {
    expect(checkSystem(readOperatingSystem(new Map()))).toMatchObject({ result: 'failed' });
  });
});

const STATUS = `Package: libc6
Status: install ok installed
Architecture: amd64
Source: glibc
Version: 2.41-12
Description: GNU C Library
 goes on

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1
`;

describe('the Debian packages of an image', () => {
  it('are those that dpkg has installed, with their source and the licences of their copyright files', async () => {
    const copyright = 'License: LGPL-2.1+\n\nLicense: GPL-2\nLicense: GPL-2\n';
    const layer = await makeLayer({ 'var/lib/dpkg/status': STATUS, 'usr/share/doc/libc6/copyright': copyright });
    const files = await readFiles([layer], () => true);

    const packages = readPackages(files);
    const system = { name: '', release: 'debian 13', codename: 'trixie', support: 'supported' } as const;
    const [component] = debianComponents(packages, system, files);

    expect(packages).toEqual([
      { name: 'libc6', version: '2.41-12', architecture: 'amd64', source: 'glibc', sourceVersion: '2.41-12' },
    ]);
    expect(component!.purl).toBe('pkg:deb/debian/libc6@2.41-12?arch=amd64&distro=debian-13&upstream=glibc');
    expect(licenseNames(component!)).toEqual(['GPL-2', 'LGPL-2.1+']);
  });

  it('own every system library and program; others are reported', async () => {
    const layer = await makeLayer({
      'var/lib/dpkg/info/libc6:amd64.list': '/.\n/usr/lib/libc.so.6\n',
      'usr/lib/libc.so.6': '',
      'usr/lib/libssl.so.3': '',
      'usr/bin/copied': '',
      'usr/share/doc/readme': '',
      'usr/local/bin/node': '',
      'opt/algorithm/addon.so': '',
    });

    const unowned = findUnownedFiles(await readFiles([layer], () => true));

    expect(unowned).toEqual(['/usr/bin/copied', '/usr/lib/libssl.so.3']);
    expect(checkOwners(1, unowned)).toMatchObject({ result: 'warning' });
    expect(checkOwners(1, [])).toMatchObject({ result: 'passed' });
    expect(checkOwners(0, [])).toMatchObject({ result: 'unknown' });
  });

  it('are out of date if the security archive has a newer version', () => {
    const one = (name: string, version: string) => ({ name, version, architecture: '', source: '', sourceVersion: '' });
    const available = [one('libc6', '2.41-12+deb13u4'), one('libc6', '2.41-12+deb13u10'), one('other', '9')];

    expect(comparePackages([one('libc6', '2.41-12')], available)).toEqual([
      { name: 'libc6', installed: '2.41-12', available: '2.41-12+deb13u10' },
    ]);
    expect(comparePackages([one('libc6', '2.41-13'), one('absent', '1')], available)).toEqual([]);
  });
});

it('the inventory of an image lists each component once', async () => {
  const component = { type: 'library', 'bom-ref': 'a', name: 'zod', version: '4.0.0', purl: 'pkg:npm/zod@4.0.0' };
  const text = JSON.stringify({ bomFormat: 'CycloneDX', components: [component, component] });
  const files = await readFiles([await makeLayer({ 'opt/algorithm/sbom.cdx.json': text })], () => true);

  expect(readInventories(files)).toEqual([component]);
});
