/**
 * Where this machine gets Debian's packages from. apt is asked, since the archive may be a mirror of the user's own:
 * this code names no host. Source: apt-get(8), indextargets.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../errors.js';

/** Where the security updates of a release are listed, or why that is not known. */
export type SecurityIndex = { readonly url: string } | { readonly why: string };

const FORMAT = '$(REPO_URI) $(RELEASE)';

/** Of the archive that apt has as one of security updates, for any release of Debian. */
export async function securityIndex(codename: string): Promise<SecurityIndex> {
  let text: string;
  try {
    const args = ['indextargets', '--format', FORMAT, 'Created-By: Packages'];
    ({ stdout: text } = await promisify(execFile)('apt-get', args));
  } catch (error) {
    return { why: `apt-get could not name Debian's archive: ${messageOf(error).split('\n')[0]}` };
  }
  const archives = text.split('\n').map((line) => line.split(' '));
  const found = archives.find(([uri = '', release = '']) => /^https?:/.test(uri) && release.endsWith('-security'));
  if (!found)
    return { why: "apt's sources on this machine name no archive of security updates (a suite ending in -security)" };
  return { url: `${found[0]!.replace(/\/*$/, '')}/dists/${codename}-security/main/binary-amd64/Packages.xz` };
}
