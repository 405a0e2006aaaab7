/** Keys on the curve P-256, for certificates, and PEM, the text form of keys and certificates. */
import { webcrypto } from 'node:crypto';

/** A key that signs or is signed. */
export type KeyPair = webcrypto.CryptoKeyPair;

/** A key pair whose private key can be exported. */
export async function makeKeys(): Promise<KeyPair> {
  return (await webcrypto.subtle.generateKey(EC, true, ['sign', 'verify'])) as KeyPair;
}

/** The pair of a private key's PEM: the public key is a part of it. */
export async function readKeys(privatePem: string): Promise<KeyPair> {
  const bytes = Buffer.from(privatePem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  const privateKey = await webcrypto.subtle.importKey('pkcs8', bytes, EC, true, ['sign']);
  const { d: _, ...point } = await webcrypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await webcrypto.subtle.importKey('jwk', { ...point, key_ops: ['verify'] }, EC, true, ['verify']);
  return { privateKey, publicKey };
}

/** The PEM of a pair's private key. */
export async function privatePemOf({ privateKey }: KeyPair): Promise<string> {
  return pemOf('PRIVATE KEY', await webcrypto.subtle.exportKey('pkcs8', privateKey));
}

/** A PEM of the bytes. @param label e.g. `CERTIFICATE` */
export function pemOf(label: string, bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes).toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
}

// --- internal ---

const EC = { name: 'ECDSA', namedCurve: 'P-256' } as const;
