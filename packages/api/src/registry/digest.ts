/** Names of content: `sha256:` and 64 hexadecimal digits, the only algorithm that Amazon ECR takes. */
import { createHash } from 'node:crypto';

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** A digest leads to a file, so nothing but one may become a path. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
