/** The archive of security updates, as the machine's apt has it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findPendingUpdates } from '../../src/image/debian.js';
import { securityIndex } from '../../src/image/debian-archive.js';
import { installOnly } from './programs.js';

/** Stands in for xz, which not every machine has. */
const UNPACK = `read -r line; [ "$line" = packed ] && printf 'Package: libc6\\nVersion: 2.41-13\\n'`;

/** An apt-get that has these archives, given as it prints them: address and release. */
function installApt(...archives: readonly string[]): void {
  installOnly({
    'apt-get': `[ "$*" = 'indextargets --format $(REPO_URI) $(RELEASE) Created-By: Packages' ] || exit 9\n${archives
      .map((line) => `echo '${line}'`)
      .join('\n')}`,
  });
}

describe('the archive of security updates', () => {
  it("is the mirror in apt's sources, for the release of the image", async () => {
    installApt(
      'https://mirror.example/debian/ bookworm',
      'file:/srv/updates/ bookworm-security',
      'https://mirror.example/sec/ bookworm-security',
    );

    expect(await securityIndex('trixie')).toEqual({
      url: 'https://mirror.example/sec/dists/trixie-security/main/binary-amd64/Packages.xz',
    });
  });

  it.each([
    [
      'apt names none',
      ['https://mirror.example/debian/ bookworm'],
      /^apt's sources on this machine name no archive of/,
    ],
    ['there is no apt', undefined, /^apt-get could not name Debian's archive: spawn apt-get ENOENT$/],
  ])('is unknown, with the reason, if %s', async (_case, archives, why) => {
    if (archives) installApt(...archives);
    else installOnly({});

    expect(await findPendingUpdates([], 'trixie')).toEqual({ why: expect.stringMatching(why) });
  });

  it('is searched for newer versions', async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end('packed');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    installOnly({ 'apt-get': `echo 'http://127.0.0.1:${port}/sec trixie-security'`, xz: UNPACK });
    const installed = { architecture: 'amd64', source: 'glibc', sourceVersion: '2.41-12' };

    const found = await findPendingUpdates([{ name: 'libc6', version: '2.41-12', ...installed }], 'trixie');

    expect(found).toEqual({ pending: [{ name: 'libc6', installed: '2.41-12', available: '2.41-13' }] });
    expect(asked).toEqual(['/sec/dists/trixie-security/main/binary-amd64/Packages.xz']);
  });
});
