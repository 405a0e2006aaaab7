import { webcrypto, X509Certificate } from 'node:crypto';
import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer, rootCertificates } from 'node:tls';
import { expect, it, onTestFinished, vi } from 'vitest';
import { authorityFiles, openAuthority } from '../../src/proxy/authority.js';
import { isAwsHost } from '../../src/proxy/aws-hosts.js';
import { makeAuthority, makeServerCertificate } from '../../src/proxy/certificate.js';
import { makeKeys, pemOf } from '../../src/proxy/keys.js';
import { makeFolder } from '../support/scene.js';

it('the authority is made once, and only its owner reads its key', async () => {
  const folder = makeFolder();
  const { certificate, bundle } = authorityFiles(folder);

  await openAuthority(folder);
  const first = readFileSync(certificate, 'utf8');
  await openAuthority(folder);

  expect(readFileSync(certificate, 'utf8')).toBe(first);
  expect(statSync(join(folder, 'authority', 'private-key.pem')).mode & 0o777).toBe(0o600);
  const trusted = readFileSync(bundle, 'utf8');
  expect(trusted).toContain(first.trim());
  expect(trusted).toContain(rootCertificates[0]!.trim());
});

it('a bundle of today is used again, an older one is replaced', async () => {
  const folder = makeFolder();
  const { bundle } = authorityFiles(folder);
  await openAuthority(folder);
  const texts = [];

  for (const daysAgo of [-1 / 24, 2]) {
    const time = new Date(Date.now() - daysAgo * 86_400_000);
    writeFileSync(bundle, 'what was there');
    utimesSync(bundle, time, time);
    await openAuthority(folder);
    texts.push(readFileSync(bundle, 'utf8'));
  }

  expect(texts[0]).toBe('what was there');
  expect(texts[1]).toContain(rootCertificates[0]!.trim());
});

it('the authority says what it is, and signs itself', async () => {
  const folder = makeFolder();
  await openAuthority(folder);

  const certificate = new X509Certificate(readFileSync(authorityFiles(folder).certificate));

  expect(certificate).toMatchObject({ ca: true, subject: 'CN=algo: AWS on this machine' });
  expect(certificate.verify(certificate.publicKey)).toBe(true);
});

it('a context is for names of AWS only', async () => {
  const authority = await openAuthority(makeFolder());

  const first = await authority.contextFor('STS.amazonaws.com');

  expect(await authority.contextFor('sts.amazonaws.com')).toBe(first);
  await expect(authority.contextFor('sts.amazonaws.com.evil.example')).rejects.toThrow('must be for a name of AWS');
});

it('clients refuse a certificate of the authority for a name that is not of its domains', async () => {
  const issuer = { name: 'test', keys: await makeKeys() };
  const ca = await makeAuthority(issuer, ['amazonaws.com'], { days: 1 });

  const errors = [];
  for (const host of ['sts.amazonaws.com', 'sts.example.com']) {
    const keys = await makeKeys();
    const key = pemOf('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey));
    errors.push(
      await handshake({ key, cert: await makeServerCertificate(issuer, host, keys.publicKey, { days: 1 }) }, ca, host),
    );
  }

  expect(errors).toEqual([undefined, 'permitted subtree violation']);
});

it.each([0, 0x7f, 0x80, 0xff])('a certificate is good whatever its serial number: bytes of %i', async (byte) => {
  const issuer = { name: 'test', keys: await makeKeys() };
  const random = vi.spyOn(webcrypto, 'getRandomValues').mockImplementation((array) => {
    new Uint8Array(array!.buffer).fill(byte);
    return array;
  });
  onTestFinished(() => random.mockRestore());

  const certificate = new X509Certificate(await makeAuthority(issuer, ['amazonaws.com'], { days: 1 }));

  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.serialNumber).toHaveLength(32);
});

it.each([
  ...['sts.amazonaws.com', 'a.b.s3.eu-west-1.amazonaws.com', 'my_bucket.s3.amazonaws.com', 'S3.AMAZONAWS.COM'],
  ...['sts.cn-north-1.amazonaws.com.cn', 'catalog.api.aws'],
])('%s is a host of AWS', (host) => {
  expect(isAwsHost(host)).toBe(true);
});

it.each([
  ...['amazonaws.com', 'evilamazonaws.com', 'sts.amazonaws.com.evil.example', 'aws', '.amazonaws.com', ''],
  ...[
    'a..amazonaws.com',
    '-a.amazonaws.com',
    '*.amazonaws.com',
    'a b.amazonaws.com',
    `${'a.'.repeat(140)}amazonaws.com`,
  ],
])('"%s" is no host of AWS', (host) => {
  expect(isAwsHost(host)).toBe(false);
});

// --- internal ---

/** The message of the client's error, if it refuses. */
async function handshake(identity: { key: string; cert: string }, ca: string, servername: string): Promise<unknown> {
  const server = createServer(identity);
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { readonly port: number };
  return new Promise((resolve) => {
    const client = connect({ port, host: '127.0.0.1', servername, ca });
    client.once('secureConnect', () => {
      client.destroy();
      resolve(undefined);
    });
    client.once('error', (error) => resolve(error.message));
  });
}
