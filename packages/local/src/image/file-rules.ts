/**
 * The rules that the files of an image are checked against: what is in its way on the platform, and what scanners can say
 * of it. Source: the image requirements of AWS Marketplace.
 */
import type { CheckItem } from './check-item.js';
import type { OperatingSystem } from './debian.js';
import type { ImageFiles } from './files.js';

/** Programs that install or build other programs, by their file names. */
const INSTALLERS = [
  ...['apk', 'apt', 'apt-get', 'aptitude', 'cargo', 'conda', 'corepack', 'dnf', 'dpkg', 'gem', 'go', 'microdnf', 'npm'],
  ...[
    'npx',
    'pip',
    'pip3',
    'pnpm',
    'poetry',
    'rpm',
    'uv',
    'yarn',
    'yum',
    'cc',
    'clang',
    'gcc',
    'g++',
    'make',
    'node-gyp',
  ],
];

export function checkFiles(files: ImageFiles): readonly CheckItem[] {
  const all = [...files.values()].filter((file) => !file.isFolder);
  const reserved = [...files.keys()].filter((path) => path.startsWith('/opt/ml/'));
  const setUid = all.filter((file) => (file.mode & 0o6000) !== 0).map((file) => file.path);
  const installers = all.map((file) => file.path).filter(isInstaller);
  return [
    {
      name: 'files under /opt/ml',
      result: reserved.length === 0 ? 'passed' : 'failed',
      text:
        reserved.length === 0
          ? 'none'
          : `must be none, because the platform mounts over them; found ${listed(reserved)}`,
    },
    {
      name: 'set-uid files',
      result: setUid.length === 0 ? 'passed' : 'warning',
      text: setUid.length === 0 ? 'none' : listed(setUid),
    },
    {
      name: 'package managers',
      result: installers.length === 0 ? 'passed' : 'warning',
      text: installers.length === 0 ? 'none, and no compiler' : listed(installers),
    },
  ];
}

export function checkSystem(system: OperatingSystem | undefined): CheckItem {
  const name = 'operating system';
  if (!system) return { name, result: 'failed', text: 'no /etc/os-release: scanners cannot read the image' };
  if (system.support === 'supported')
    return { name, result: 'passed', text: `${system.name}, scanned by Amazon Inspector` };
  if (system.support === 'unknown')
    return { name, result: 'unknown', text: `${system.name}: not in the list of supported systems` };
  return { name, result: 'failed', text: `${system.name} is discontinued: Amazon Inspector reports it as CRITICAL` };
}

/** @param unowned libraries and programs of the system that no package lists */
export function checkOwners(packageCount: number, unowned: readonly string[]): CheckItem {
  const name = 'package database';
  if (packageCount === 0) return { name, result: 'unknown', text: 'no dpkg database: only Debian’s is supported' };
  if (unowned.length === 0) {
    return { name, result: 'passed', text: `${packageCount} packages own every library and program of the system` };
  }
  return { name, result: 'warning', text: `no package lists these, so scanners miss them: ${listed(unowned)}` };
}

// --- internal ---

function isInstaller(path: string): boolean {
  const at = path.lastIndexOf('/');
  return /\/s?bin$/.test(path.slice(0, at)) && INSTALLERS.includes(path.slice(at + 1));
}

const LISTED = 8;

function listed(paths: readonly string[]): string {
  const rest = paths.length - LISTED;
  return `${paths.slice(0, LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
