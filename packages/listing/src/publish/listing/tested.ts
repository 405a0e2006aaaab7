/** Which version the notebooks were run with as a buyer's: kept in the workspace, since no service of AWS knows it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishContext } from '../context.js';

/** After all notebooks ran to their end. @param subscribed ARN that the subscription gave */
export function recordTest({ request, source }: PublishContext, subscribed: string): void {
  mkdirSync(request.directory, { recursive: true });
  const tested = { resource: source.seller.arn, subscribed };
  writeFileSync(join(request.directory, FILE), `${JSON.stringify(tested, null, 2)}\n`);
}

/** Of this version, in this account and Region. */
export function isTested({ request, source }: PublishContext): boolean {
  const file = join(request.directory, FILE);
  if (!existsSync(file)) return false;
  const { resource }: { readonly resource?: string } = JSON.parse(readFileSync(file, 'utf8'));
  return resource === source.seller.arn;
}

// --- internal ---

const FILE = 'tested.json';
