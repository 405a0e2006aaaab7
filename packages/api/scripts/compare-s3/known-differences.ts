/** Where the answers differ, and why. A difference that is not here fails the comparison, as does one that is gone. */

export interface KnownDifference {
  /** Of the request's name and the part of the answer. */
  readonly pattern: RegExp;
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  { pattern: /headers x-amz-storage-class$/, reason: 'S3 leaves this header out for the class STANDARD' },
  { pattern: /^create it again /, reason: 'in us-east-1, S3 answers with success to the owner' },
  { pattern: /^head a bucket headers /, reason: 'S3 gives a type; a HEAD has no length that matters' },
  { pattern: /^get if-none-match: .* headers /, reason: 'RFC 9110 asks for the headers of the object with a 304' },
  { pattern: /^key too long /, reason: 'versitygw has no limit for keys; S3 has 1,024 bytes' },
  {
    pattern: /^get what came in chunks headers content-encoding$/,
    reason: 'S3 does not keep the encoding aws-chunked',
  },
  { pattern: /^list V1 max-keys=2 body .*NextMarker$/, reason: 'S3 gives NextMarker only with a delimiter' },
  { pattern: /^list V[12] encoding-type=/, reason: 'versitygw ignores encoding-type' },
  { pattern: /^list with a wrong token /, reason: "versitygw's token is a key, so that every text is one" },
  { pattern: /^get it headers c/, reason: 'REPLACE replaces all headers of the object; versitygw keeps some' },
  { pattern: /part \d headers x-amz-checksum-crc64nvme$/, reason: 'S3 gives parts the default checksum too' },
  { pattern: /^list parts body .*Checksum/, reason: 'S3 gives parts the default checksum too; versitygw writes null' },
  { pattern: /^complete in the wrong order /, reason: 'versitygw checks the sizes first' },
  { pattern: /^setting (?:encryption|publicAccessBlock|lifecycle) /, reason: 'versitygw has no such settings' },
  { pattern: /^delete with no XML /, reason: 'S3 calls any document that it cannot read MalformedXML' },
];
