/**
 * X.509 certificates (RFC 5280) with P-256 keys, written with PKI.js: Node's own crypto reads certificates and makes none.
 * Clients that check strictly (OpenSSL's VERIFY_X509_STRICT, Python's default since 3.13) want both key identifiers.
 */
import { createHash, webcrypto } from 'node:crypto';
import { BitString, Integer, OctetString, Utf8String } from 'asn1js';
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  GeneralSubtree,
  NameConstraints,
} from 'pkijs';
import { type KeyPair, pemOf } from './keys.js';

export interface Issuer {
  readonly name: string;
  readonly keys: KeyPair;
}

/** Days from now; a certificate also holds for the day before, for clocks that are behind. */
interface Validity {
  readonly days: number;
}

/**
 * The PEM of an authority that signs itself, and whose certificates are good for names below the domains only.
 * @param domains e.g. `amazonaws.com`, for it and all names below
 */
export function makeAuthority(issuer: Issuer, domains: readonly string[], { days }: Validity): Promise<string> {
  return write(issuer, issuer.name, issuer.keys.publicKey, days, async (ownId) => [
    extension(OID.basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    extension(OID.keyUsage, true, bits(0b0000_0110, 1)), // keyCertSign, cRLSign
    extension(OID.nameConstraints, true, constraintsTo(domains)),
    extension(OID.subjectKeyId, false, new OctetString({ valueHex: ownId })),
  ]);
}

/** The PEM of a server's certificate for one name. */
export async function makeServerCertificate(
  issuer: Issuer,
  host: string,
  publicKey: webcrypto.CryptoKey,
  { days }: Validity,
): Promise<string> {
  const issuerId = await keyIdOf(issuer.keys.publicKey);
  // A common name has up to 64 characters, and nobody reads it: the name is the alternative one.
  return write(issuer, 'algo', publicKey, days, async (ownId) => [
    extension(OID.basicConstraints, true, new BasicConstraints({ cA: false })),
    extension(OID.keyUsage, true, bits(0b1000_0000, 7)), // digitalSignature
    extension(OID.extendedKeyUsage, false, new ExtKeyUsage({ keyPurposes: [OID.serverAuthentication] })),
    extension(
      OID.subjectNames,
      false,
      new GeneralNames({ names: [new GeneralName({ type: NAME_TYPE.dns, value: host })] }),
    ),
    extension(OID.subjectKeyId, false, new OctetString({ valueHex: ownId })),
    extension(
      OID.authorityKeyId,
      false,
      new AuthorityKeyIdentifier({ keyIdentifier: new OctetString({ valueHex: issuerId }) }),
    ),
  ]);
}

// --- internal ---

const engine = new CryptoEngine({ name: 'node', crypto: webcrypto });

/** Object identifiers. */
const OID = {
  basicConstraints: '2.5.29.19',
  keyUsage: '2.5.29.15',
  extendedKeyUsage: '2.5.29.37',
  nameConstraints: '2.5.29.30',
  subjectNames: '2.5.29.17',
  subjectKeyId: '2.5.29.14',
  authorityKeyId: '2.5.29.35',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
  commonName: '2.5.4.3',
} as const;
/** Types of a GeneralName. */
const NAME_TYPE = { dns: 2, ip: 7 } as const;
const DAY_MS = 86_400_000;

async function write(
  issuer: Issuer,
  subject: string,
  publicKey: webcrypto.CryptoKey,
  days: number,
  extensions: (ownId: ArrayBuffer) => Promise<Extension[]>,
): Promise<string> {
  const certificate = new Certificate();
  certificate.version = 2; // which is version 3
  const serial = webcrypto.getRandomValues(new Uint8Array(16));
  serial[0] = (serial[0]! & 0x7f) | 0x40; // positive, and without a zero byte in front: DER allows neither
  certificate.serialNumber = new Integer({ valueHex: serial.buffer });
  certificate.issuer.typesAndValues.push(commonName(issuer.name));
  certificate.subject.typesAndValues.push(commonName(subject));
  certificate.notBefore.value = new Date(Date.now() - DAY_MS);
  certificate.notAfter.value = new Date(Date.now() + days * DAY_MS);
  certificate.extensions = await extensions(await keyIdOf(publicKey));
  await certificate.subjectPublicKeyInfo.importKey(publicKey, engine);
  await certificate.sign(issuer.keys.privateKey, 'SHA-256', engine);
  return pemOf('CERTIFICATE', certificate.toSchema(true).toBER());
}

/** SHA-1 of the key, which is a name here and secures nothing (RFC 5280, 4.2.1.2). */
async function keyIdOf(publicKey: webcrypto.CryptoKey): Promise<ArrayBuffer> {
  const raw = await webcrypto.subtle.exportKey('raw', publicKey);
  return toArrayBuffer(createHash('sha1').update(Buffer.from(raw)).digest());
}

function commonName(value: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type: OID.commonName, value: new Utf8String({ value }) });
}

function extension(extnID: string, critical: boolean, value: Encodable): Extension {
  const asn1 = 'toSchema' in value ? value.toSchema() : value;
  return new Extension({ extnID, critical, extnValue: asn1.toBER() });
}

interface Asn1 {
  toBER(): ArrayBuffer;
}

type Encodable = Asn1 | { toSchema(): Asn1 };

function bits(byte: number, unusedBits: number): BitString {
  return new BitString({ valueHex: toArrayBuffer(Buffer.of(byte)), unusedBits });
}

/** Names below the domains, and no address at all. */
function constraintsTo(domains: readonly string[]): NameConstraints {
  const addresses = [8, 32].map((length) => new OctetString({ valueHex: new ArrayBuffer(length) }));
  return new NameConstraints({
    permittedSubtrees: domains.map(
      (value) => new GeneralSubtree({ base: new GeneralName({ type: NAME_TYPE.dns, value }) }),
    ),
    // An address and its mask: 0.0.0.0/0 and ::/0.
    excludedSubtrees: addresses.map(
      (value) => new GeneralSubtree({ base: new GeneralName({ type: NAME_TYPE.ip, value }) }),
    ),
  });
}

function toArrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
