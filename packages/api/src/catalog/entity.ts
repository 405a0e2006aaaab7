/** Entities of the catalog as they are kept: products and offers. */
import { randomInt } from 'node:crypto';
import type { Account } from '../account.js';
import type { StoredRecord } from '../store/record.js';
import type { Store } from '../store/store.js';

export type EntityKind = 'MachineLearningProduct' | 'Offer';

/** A JSON object. */
export type Details = Readonly<Record<string, unknown>>;

export interface EntityBody {
  readonly revision: number;
  readonly details: Details;
}

export interface Entity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly details: Details;
}

/** What the catalog works with. */
export interface Catalog {
  readonly store: Store;
  readonly account: Account;
}

/** The catalog's resources are of this Region, wherever its client is. */
const REGION = 'us-east-1';
const LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

export function catalogArn({ account }: Catalog, kind: string, id: string): string {
  return `arn:aws:aws-marketplace:${REGION}:${account.id}:AWSMarketplace/${kind}/${id}`;
}

export function newId(prefix: string, length: number): string {
  return prefix + Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('');
}

/** As the catalog writes times: to the second. */
export function timeText(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Of an entity that is named by its id or a revision, `prod-…` or `prod-…@3`. */
export function entityId(idOrRevision: string): string {
  return idOrRevision.replace(/@\d+$/, '');
}

/** @param idOrRevision as for `entityId` */
export function findEntity({ store }: Catalog, idOrRevision: string): StoredRecord<EntityBody> | undefined {
  const id = entityId(idOrRevision);
  return store.records.find<EntityBody>('MachineLearningProduct', id) ?? store.records.find<EntityBody>('Offer', id);
}

/** What lists filter by: a product's visibility, an offer's state. */
export function statusOf({ kind, details }: Pick<Entity, 'kind' | 'details'>): string {
  if (kind === 'Offer') return String(details.State);
  return String((details.Description as Details).Visibility);
}
