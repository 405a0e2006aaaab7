/**
 * The local certificate authority: made at the first start, kept in the data folder, good for AWS's names only. Its private
 * key is readable by its owner alone. The certificates that it signs live in memory, one for each name that is asked for.
 */
import { createPrivateKey } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { AWS_DOMAINS, isAwsHost } from './aws-hosts.js';
import type { KeyPair } from './keys.js';

export interface Authority {
  /**
   * What a server needs to be that host.
   * @throws Error for a name that is not AWS's
   */
  contextFor(host: string): Promise<SecureContext>;
}

/** Files of the authority, which clients are pointed to. */
export interface AuthorityFiles {
  /** The authority's certificate alone, for NODE_EXTRA_CA_CERTS. */
  readonly certificate: string;
  /** It and all that this machine trusts, for variables that replace what a client trusts. */
  readonly bundle: string;
}

/** Where they are or will be. */
export function authorityFiles(dataFolder: string): AuthorityFiles {
  const folder = join(dataFolder, 'authority');
  return { certificate: join(folder, 'certificate.pem'), bundle: join(folder, 'bundle.pem') };
}

/** The folder's authority, made where there is none. */
export async function openAuthority(dataFolder: string): Promise<Authority> {
  const files = authorityFiles(dataFolder);
  const folder = join(dataFolder, 'authority');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, 'private-key.pem');
  if (!existsSync(keyFile) || !existsSync(files.certificate)) {
    const { makeAuthority, makeKeys, privatePemOf } = await certificates();
    const keys = await makeKeys();
    const certificate = await makeAuthority({ name: NAME, keys }, AWS_DOMAINS, { days: AUTHORITY_DAYS });
    writeWhole(keyFile, await privatePemOf(keys), 0o600);
    writeWhole(files.certificate, certificate, 0o644);
  }
  chmodSync(keyFile, 0o600);
  if (!isNew(files)) writeBundle(files);
  const privateKey = readFileSync(keyFile, 'utf8');
  createPrivateKey(privateKey); // a damaged one ends the start here, not the first client's connection
  return createAuthority(privateKey);
}

// --- internal ---

const NAME = 'algo: AWS on this machine';
const AUTHORITY_DAYS = 3650;
const BUNDLE_MS = 86_400_000;
/** Apple's clients refuse servers' certificates of more than 398 days; a server that runs longer makes new ones. */
const SERVER_DAYS = 30;
/** A client that asks for ever new names gets them, and the oldest are forgotten. */
const MAX_CONTEXTS = 256;

function createAuthority(privatePem: string): Authority {
  let issuer: Promise<KeyPair> | undefined;
  let own: Promise<KeyPair> | undefined; // of all servers here, made when the first is asked for
  const contexts = new Map<string, { readonly made: number; readonly context: Promise<SecureContext> }>();
  const make = async (host: string) => {
    const { makeKeys, makeServerCertificate, privatePemOf, readKeys } = await certificates();
    issuer ??= readKeys(privatePem);
    own ??= makeKeys();
    const [keys, ownKeys] = await Promise.all([issuer, own]);
    const key = await privatePemOf(ownKeys);
    const cert = await makeServerCertificate({ name: NAME, keys }, host, ownKeys.publicKey, { days: SERVER_DAYS });
    return tls().createSecureContext({ key, cert, minVersion: 'TLSv1.2' });
  };
  return {
    async contextFor(name) {
      const host = name.toLowerCase();
      if (!isAwsHost(host)) throw new Error(`A certificate must be for a name of AWS; asked for "${host}".`);
      const known = contexts.get(host);
      if (known && Date.now() - known.made < (SERVER_DAYS / 2) * 86_400_000) return known.context;
      const context = make(host);
      contexts.set(host, { made: Date.now(), context });
      if (contexts.size > MAX_CONTEXTS) contexts.delete(contexts.keys().next().value!);
      return context;
    },
  };
}

/** Whether the bundle has this certificate, and what the machine has trusted lately: to read all of that takes a while. */
function isNew({ certificate, bundle }: AuthorityFiles): boolean {
  const made = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return made > statSync(certificate).mtimeMs && Date.now() - made < BUNDLE_MS;
}

function writeBundle({ certificate, bundle }: AuthorityFiles): void {
  const trusted = new Set((['bundled', 'system'] as const).flatMap((kind) => tls().getCACertificates(kind)));
  const texts = [readFileSync(certificate, 'utf8'), ...trusted].map((text) => text.trim());
  writeWhole(bundle, [...texts, ''].join('\n'), 0o644);
}

/** Keys and certificates, with a large library and Web Crypto, which few starts need. */
async function certificates() {
  return { ...(await import('./certificate.js')), ...(await import('./keys.js')) };
}

/** As an import it would be loaded at every start; few need it. */
function tls() {
  return process.getBuiltinModule('node:tls');
}

/** By rename: a reader never sees half of it, and a killed server leaves none. */
function writeWhole(path: string, text: string, mode: number): void {
  writeFileSync(`${path}.new`, text, { mode });
  renameSync(`${path}.new`, path);
}
