/** A set of changes, applied to entities in memory: all of them, or the errors of those that cannot be. */

import { ChangeError, changeError, type ErrorDetail } from './change-error.js';
import { type Change, REFERENCE } from './change-request.js';
import { type Catalog, type Details, type Entity, entityId, findEntity, newId } from './entity.js';
import { newOffer, OFFER_CHANGES, type OfferDetails, pricingProblems } from './offer-changes.js';
import { newProduct, PRODUCT_CHANGES } from './product-changes.js';
import type { ProductDetails } from './product-details.js';

export interface ChangeResult {
  /** The entity, once it is known. */
  readonly id: string | undefined;
  readonly errors: readonly ErrorDetail[];
}

export interface Applied {
  readonly results: readonly ChangeResult[];
  /** Entities as they are after the changes, if there were no errors. */
  readonly entities: readonly Entity[];
}

export function applyChanges(catalog: Catalog, changes: readonly Change[]): Applied {
  const work = new Map<string, Entity>();
  const names = new Map<string, string>();
  const load = (idOrRevision: string): Entity => {
    const id = entityId(idOrRevision);
    const known = work.get(id);
    if (known) return known;
    const record = findEntity(catalog, id);
    if (!record) throw changeError('RESOURCE_NOT_FOUND', `The catalog has no entity "${id}".`);
    return { kind: record.kind as Entity['kind'], id: record.name, details: record.body.details };
  };
  const resolve = (text: string) => {
    const name = REFERENCE.exec(text)?.[1];
    if (name === undefined) return text;
    const id = names.get(name);
    if (id === undefined)
      throw changeError('INVALID_INPUT', `No earlier change that makes an entity is named "${name}".`);
    return id;
  };
  const results = changes.map((change): ChangeResult => {
    let id: string | undefined;
    try {
      const details = resolveAll(change.details, resolve) as Details;
      const entity = change.identifier === undefined ? undefined : load(resolve(change.identifier));
      id = entity?.id;
      if (entity && entity.kind !== change.kind) {
        throw changeError('INVALID_INPUT', `Entity ${entity.id} must be a ${change.kind}; it is a ${entity.kind}.`);
      }
      const next = entity ? changed(catalog, entity, change.type, details) : made(change, details, load);
      id = next.id;
      work.set(next.id, next);
      if (!entity && change.name !== undefined) names.set(change.name, next.id);
      return { id, errors: [] };
    } catch (error) {
      if (!(error instanceof ChangeError)) throw error;
      return { id, errors: error.details };
    }
  });
  if (results.some(({ errors }) => errors.length > 0)) return { results, entities: [] };
  const checked = checkPrices(catalog, changes, results, work);
  return { results: checked, entities: checked.some(({ errors }) => errors.length > 0) ? [] : [...work.values()] };
}

// --- internal ---

function resolveAll(value: unknown, resolve: (text: string) => string): unknown {
  if (typeof value === 'string') return resolve(value);
  if (Array.isArray(value)) return value.map((item) => resolveAll(item, resolve));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolveAll(item, resolve)]));
}

function made({ kind }: Change, details: Details, load: (id: string) => Entity): Entity {
  if (kind === 'MachineLearningProduct') {
    return { kind, id: newId('prod-', 13), details: newProduct(details) as unknown as Details };
  }
  const request = details as unknown as { readonly ProductId: string };
  const product = load(request.ProductId);
  if (product.kind !== 'MachineLearningProduct') {
    throw changeError('INVALID_INPUT', `ProductId must be a product; "${product.id}" is none.`);
  }
  const id = newId('offer-', 13);
  return { kind, id, details: newOffer(id, { ...request, ProductId: product.id }) as unknown as Details };
}

function changed(catalog: Catalog, entity: Entity, type: string, request: Details): Entity {
  const changes = entity.kind === 'Offer' ? OFFER_CHANGES : PRODUCT_CHANGES;
  const details = changes[type]!(entity.details as never, request as never, catalog) as unknown as Details;
  return { ...entity, details };
}

/** Every dimension has a price in every offer that has prices: after the whole set, as its changes complete each other. */
function checkPrices(
  catalog: Catalog,
  changes: readonly Change[],
  results: readonly ChangeResult[],
  work: ReadonlyMap<string, Entity>,
): readonly ChangeResult[] {
  const products = new Map(
    [...work.values()].filter(({ kind }) => kind !== 'Offer').map((entity) => [entity.id, entity]),
  );
  const kept = catalog.store.records
    .all<{ readonly details: OfferDetails }>('Offer')
    .filter(({ name, body }) => !work.has(name) && products.has(body.details.ProductId))
    .map(({ body }) => body.details);
  const offers = [...work.values()]
    .filter(({ kind }) => kind === 'Offer')
    .map(({ details }) => details as unknown as OfferDetails);
  const errors = [...offers, ...kept].flatMap((offer) => {
    const product = products.get(offer.ProductId)?.details ?? findEntity(catalog, offer.ProductId)?.body.details;
    const problems = pricingProblems(offer, product as unknown as ProductDetails);
    if (problems.length === 0) return [];
    const isPriced = (id: string | undefined, i: number) =>
      id === offer.Id && changes[i]!.type === 'UpdatePricingTerms';
    const own = results.findIndex(({ id }, i) => isPriced(id, i));
    const other = results.findIndex(({ id }) => id === offer.ProductId || id === offer.Id);
    const ErrorCode = own === -1 ? 'UPDATE_PRICING_REQUIRED' : 'INVALID_RATE_CARD';
    const details = problems.map((problem) => ({
      ErrorCode,
      ErrorMessage: `Offer ${offer.Id}: ${problem}`.slice(0, 2048),
    }));
    return [{ at: Math.max(own, own === -1 ? other : own), details }];
  });
  return results.map((result, i) => ({
    ...result,
    errors: errors.filter(({ at }) => at === i).flatMap(({ details }) => details),
  }));
}
