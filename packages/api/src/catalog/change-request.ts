/** The changes that StartChangeSet brings, checked by their rules before anything is done. */
import { ServiceError } from '../service-error.js';
import { checkTagKeys } from '../store/tags.js';
import type { Details, EntityKind } from './entity.js';
import { OFFER_RULES } from './offer-rules.js';
import { PRODUCT_RULES } from './product-rules.js';
import type { Problem, Rule } from './rules.js';

export interface RequestedChange {
  readonly ChangeType: string;
  readonly ChangeName?: string;
  readonly Entity: { readonly Type: string; readonly Identifier?: string };
  readonly EntityTags?: readonly { readonly Key: string; readonly Value: string }[];
  /** The same as DetailsDocument, as a text. */
  readonly Details?: string;
  readonly DetailsDocument?: unknown;
}

export interface Change {
  readonly kind: EntityKind;
  readonly type: string;
  readonly name: string | undefined;
  readonly identifier: string | undefined;
  readonly tags: RequestedChange['EntityTags'];
  readonly details: Details;
}

const RULES: Readonly<Record<string, readonly [EntityKind, Readonly<Record<string, Rule>>]>> = {
  'MachineLearningProduct@1.0': ['MachineLearningProduct', PRODUCT_RULES],
  'Offer@1.0': ['Offer', OFFER_RULES],
};

/** Stand for what an earlier change of the set makes, in identifiers and in documents. */
export const REFERENCE = /^\$([a-zA-Z]{1,72})\.Entity\.Identifier$/;

/** @throws ServiceError ValidationException with the fields */
export function readChange({ ChangeType, ChangeName, Entity, EntityTags, ...more }: RequestedChange): Change {
  const reject = (reason: string, problems: readonly Problem[]): never => {
    const text = problems.map(({ field, message }) => `${field} ${message}`).join('; ');
    const fields = problems.slice(0, 100).map(({ field, message }) => ({
      ...{ Reason: reason, EntityType: Entity.Type, ChangeType, Message: `${field} ${message}` },
      ...(/^[\w\-./]{1,255}$/.test(field) && { Field: field }),
    }));
    throw new ServiceError('ValidationException', `${ChangeType}: ${text}.`.slice(0, 2048), 422, {
      ValidationExceptionFieldList: fields,
    });
  };
  const [kind, rules] = Object.hasOwn(RULES, Entity.Type) ? RULES[Entity.Type]! : [];
  if (!kind || !rules) {
    const message = `must be one of ${Object.keys(RULES).join(', ')} on this machine; received "${Entity.Type}"`;
    return reject('Other', [{ field: 'Entity/Type', message }]);
  }
  const rule = Object.hasOwn(rules, ChangeType) ? rules[ChangeType] : undefined;
  if (!rule) {
    const message = `must be one of ${Object.keys(rules).join(', ')} for ${Entity.Type}; received "${ChangeType}"`;
    return reject('UnknownOperation', [{ field: 'ChangeType', message }]);
  }
  const isNew = ChangeType === 'CreateProduct' || ChangeType === 'CreateOffer';
  if (isNew === (Entity.Identifier !== undefined)) {
    const message = isNew ? 'must not be given: the entity is made by this change' : 'is required';
    return reject('Other', [{ field: 'Entity/Identifier', message }]);
  }
  checkTagKeys(EntityTags ?? [], (message) => reject('Other', [{ field: 'EntityTags', message }]));
  const details = readDetails(more, (message) => reject('CannotParse', [{ field: 'Details', message }]));
  const problems = rule(details, '').map((problem) =>
    problem.field === '' ? { ...problem, field: 'Details' } : problem,
  );
  if (problems.length > 0) reject('FieldValidationFailed', problems);
  return {
    ...{ kind, type: ChangeType, name: ChangeName, identifier: Entity.Identifier, tags: EntityTags },
    details: details as Details,
  };
}

// --- internal ---

function readDetails(
  { Details: text, DetailsDocument }: Pick<RequestedChange, 'Details' | 'DetailsDocument'>,
  reject: (message: string) => never,
): unknown {
  if ((text === undefined) === (DetailsDocument === undefined))
    return reject('or DetailsDocument must be given, not both');
  if (text === undefined) return DetailsDocument;
  try {
    return JSON.parse(text);
  } catch (error) {
    return reject(`must be JSON; ${(error as Error).message}`);
  }
}
