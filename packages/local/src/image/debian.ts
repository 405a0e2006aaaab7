/**
 * Debian in an image: its release and end of support, its packages, and the security updates it lacks. Sources: Debian
 * Policy Manual, section 5.3 (control files); Amazon Inspector's list of operating systems.
 */
import { execFile } from 'node:child_process';
import { messageOf } from '../errors.js';
import { securityIndex } from './debian-archive.js';
import { compareDebianVersions } from './debian-version.js';
import { type ImageFiles, textOf } from './files.js';

export interface OperatingSystem {
  readonly name: string;
  /** `ID` and `VERSION_ID` of os-release: "debian 13". */
  readonly release: string;
  readonly codename: string | undefined;
  readonly support: 'supported' | 'discontinued' | 'unknown';
}

export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The source package and its version, where they differ from the binary's. */
  readonly source: string;
  readonly sourceVersion: string;
}

export interface PendingUpdate {
  readonly name: string;
  readonly installed: string;
  readonly available: string;
}

/**
 * What Amazon Inspector scans in a registry, and what it no longer does: it reports every image of a discontinued system
 * as CRITICAL, which stops a listing. As of November 2026.
 */
const SUPPORT: readonly (readonly [release: RegExp, support: OperatingSystem['support']])[] = [
  [/^debian (12|13)$/, 'supported'],
  [/^ubuntu (18|20|22|24|26)\.04$/, 'supported'],
  [/^alpine 3\.(21|22|23|24)(\.|$)/, 'supported'],
  [/^amzn 2023$/, 'supported'],
  [/^(debian ([1-9]|1[01])|ubuntu 1[0-6]\.\d+|amzn 2|centos \d+)$/, 'discontinued'],
  [/^alpine 3\.([0-9]|1[0-9]|20)(\.|$)/, 'discontinued'],
];

/** Undefined where the image has no os-release, which no scanner can read. */
export function readOperatingSystem(files: ImageFiles): OperatingSystem | undefined {
  const text = textOf(files, '/etc/os-release') ?? textOf(files, '/usr/lib/os-release');
  if (text === undefined) return undefined;
  const values = new Map([...text.matchAll(/^([A-Z_]+)="?([^"\n]*)"?$/gm)].map(([, key, value]) => [key!, value!]));
  const release = `${values.get('ID') ?? 'unknown'} ${values.get('VERSION_ID') ?? ''}`.trim();
  return {
    name: values.get('PRETTY_NAME') ?? release,
    release,
    codename: values.get('VERSION_CODENAME'),
    support: SUPPORT.find(([pattern]) => pattern.test(release))?.[1] ?? 'unknown',
  };
}

/** The installed packages, by name. */
export function readPackages(files: ImageFiles): readonly DebianPackage[] {
  const parts = [...files.values()].filter(
    ({ path }) => path === '/var/lib/dpkg/status' || path.startsWith('/var/lib/dpkg/status.d/'),
  );
  const stanzas = parts.flatMap(({ text = '' }) => parseStanzas(text));
  return stanzas
    .filter((fields) => (fields.get('Status') ?? 'install ok installed').endsWith(' installed'))
    .map(packageOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The lists of the packages' files, where dpkg keeps them. */
export const FILE_LISTS = /^\/var\/lib\/dpkg\/info\/[^/]+\.list$/;

/**
 * Libraries and programs of the system that are in no package's list of files: a scanner takes a package's version from
 * dpkg's database, so that it says nothing about these. What is not the system's lies in /usr/local and /opt.
 */
export function findUnownedFiles(files: ImageFiles): readonly string[] {
  const lists = [...files.values()].filter(({ path }) => FILE_LISTS.test(path));
  const owned = new Set(lists.flatMap(({ text = '' }) => text.split('\n')));
  const isOfSystem = (path: string) =>
    !/^\/(usr\/local|opt)\//.test(path) && /(\.so(\.[\d.]+)?|^\/(usr\/)?s?bin\/[^/]+)$/.test(path);
  return [...files.values()]
    .filter(({ isFolder, linkTarget, path }) => !isFolder && linkTarget === undefined && isOfSystem(path))
    .map(({ path }) => path)
    .filter((path) => !owned.has(path))
    .sort();
}

/**
 * Installed packages that Debian's security archive has a newer version of; undefined, with the reason, where the archive
 * cannot be read. The download is not verified: a wrong answer could only come from the owner of the network.
 */
export async function findPendingUpdates(
  packages: readonly DebianPackage[],
  codename: string,
): Promise<{ readonly pending?: readonly PendingUpdate[]; readonly why?: string }> {
  const index = await securityIndex(codename);
  if ('why' in index) return index;
  const { url } = index;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) return { why: `${url} answered ${response.status}` };
    const text = await unpackXz(Buffer.from(await response.arrayBuffer()));
    return { pending: comparePackages(packages, parseStanzas(text).map(packageOf)) };
  } catch (error) {
    return { why: `${url}: ${messageOf(error)}` };
  }
}

/** Where `available` has a higher version than what is installed; the highest counts. */
export function comparePackages(
  installed: readonly DebianPackage[],
  available: readonly DebianPackage[],
): readonly PendingUpdate[] {
  const newest = new Map<string, string>();
  for (const { name, version } of available) {
    const known = newest.get(name);
    if (known === undefined || compareDebianVersions(known, version) < 0) newest.set(name, version);
  }
  return installed.flatMap(({ name, version }) => {
    const best = newest.get(name);
    if (best === undefined || compareDebianVersions(version, best) >= 0) return [];
    return [{ name, installed: version, available: best }];
  });
}

/** Paragraphs of `Key: value` lines; continuation lines are ignored. */
function parseStanzas(text: string): readonly ReadonlyMap<string, string>[] {
  return text
    .split(/\n\s*\n/)
    .map((stanza) => new Map([...stanza.matchAll(/^([A-Za-z-]+): ?(.*)$/gm)].map(([, key, value]) => [key!, value!])))
    .filter((fields) => fields.has('Package'));
}

// --- internal ---

function packageOf(fields: ReadonlyMap<string, string>): DebianPackage {
  const name = fields.get('Package') ?? '';
  const version = fields.get('Version') ?? '';
  const [, source = name, sourceVersion = version] = /^(\S+)(?: \((.+)\))?$/.exec(fields.get('Source') ?? '') ?? [];
  return { name, version, architecture: fields.get('Architecture') ?? 'all', source, sourceVersion };
}

/** Debian has its newest index only in this format, which Node does not read. */
function unpackXz(content: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 512 * 1024 * 1024 };
    const child = execFile('xz', ['--decompress', '--stdout'], options, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
    child.stdin?.on('error', () => undefined); // EPIPE: reported by the callback
    child.stdin?.end(content);
  });
}
