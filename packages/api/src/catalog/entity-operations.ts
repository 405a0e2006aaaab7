/** DescribeEntity, BatchDescribeEntities, ListEntities. */
import type { Operation } from '../protocol/run-operation.js';
import type { StoredRecord } from '../store/record.js';
import { invalid, notFound, requireCatalog } from './catalog-errors.js';
import { type Catalog, type Details, type EntityBody, findEntity, timeText } from './entity.js';
import { type OfferDetails, targetingOf } from './offer-changes.js';
import { pageOf } from './pages.js';

interface EntityRequest {
  readonly Catalog: string;
  readonly EntityId: string;
}

interface TypeFilter {
  readonly ValueList?: readonly string[];
  readonly WildCardValue?: string;
  readonly DateRange?: { readonly AfterValue?: string; readonly BeforeValue?: string };
}

interface ListRequest {
  readonly Catalog: string;
  readonly EntityType: string;
  readonly FilterList?: readonly { readonly Name?: string; readonly ValueList?: readonly string[] }[];
  readonly EntityTypeFilters?: Readonly<Record<string, Readonly<Record<string, TypeFilter>>>>;
  readonly OwnershipType?: 'SELF' | 'SHARED';
  readonly Sort?: { readonly SortBy?: string; readonly SortOrder?: string };
  readonly EntityTypeSort?: Readonly<Record<string, { readonly SortBy?: string; readonly SortOrder?: string }>>;
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

type EntityRecord = StoredRecord<EntityBody>;
type Kind = 'MachineLearningProduct' | 'Offer';

export function entityOperations(catalog: Catalog): Readonly<Record<string, Operation>> {
  const { records } = catalog.store;
  const describe = ({ kind, name, arn, modified, body }: EntityRecord) => ({
    ...{ EntityType: `${kind}@1.0`, EntityArn: arn, EntityIdentifier: `${name}@${body.revision}` },
    ...{ LastModifiedDate: timeText(modified), DetailsDocument: body.details },
  });
  return {
    DescribeEntity({ Catalog: name, EntityId }: EntityRequest) {
      requireCatalog(name);
      const record = findEntity(catalog, EntityId);
      if (!record) throw notFound(`The catalog has no entity "${EntityId}".`);
      const text = JSON.stringify(record.body.details);
      return { ...describe(record), ...(text.length <= 16_384 && { Details: text }) };
    },

    BatchDescribeEntities({ EntityRequestList }: { readonly EntityRequestList: readonly EntityRequest[] }) {
      const found = EntityRequestList.map(({ Catalog: name, EntityId }) => {
        const record = name === 'AWSMarketplace' ? findEntity(catalog, EntityId) : undefined;
        return [EntityId, record] as const;
      });
      const details = found.flatMap(([id, record]) => (record ? [[id, describe(record)] as const] : []));
      const errors = found.flatMap(([id, record]) => {
        const ErrorMessage = `The catalog has no entity "${id}".`;
        return record ? [] : [[id, { ErrorCode: 'ResourceNotFoundException', ErrorMessage }] as const];
      });
      return { EntityDetails: Object.fromEntries(details), Errors: Object.fromEntries(errors) };
    },

    ListEntities(request: ListRequest) {
      requireCatalog(request.Catalog);
      const kind = request.EntityType.replace(/@1\.0$/, '');
      if (kind !== 'MachineLearningProduct' && kind !== 'Offer') {
        throw invalid(
          `EntityType must be MachineLearningProduct or Offer on this machine; received "${request.EntityType}".`,
        );
      }
      requireOnly(request.EntityTypeFilters, 'EntityTypeFilters', `${kind}Filters`);
      requireOnly(request.EntityTypeSort, 'EntityTypeSort', `${kind}Sort`);
      // Nobody shares an entity on one machine.
      if (request.OwnershipType === 'SHARED') return { EntitySummaryList: [] };
      const filters = [
        ...(request.FilterList ?? []).map(({ Name = '', ValueList = [] }) => filterOf(kind, Name, { ValueList })),
        ...Object.entries(request.EntityTypeFilters?.[`${kind}Filters`] ?? {}).map(([name, filter]) =>
          filterOf(kind, name, filter),
        ),
      ];
      const { SortBy = 'LastModifiedDate', SortOrder } = request.EntityTypeSort?.[`${kind}Sort`] ?? request.Sort ?? {};
      const sortKey = memberOf(kind, SortBy);
      const found = records.all<EntityBody>(kind).filter((record) => filters.every((isMatch) => isMatch(record)));
      const { page, nextToken } = pageOf(found, (record) => sortKey(record)[0] ?? '', {
        ...{ order: SortOrder, count: request.MaxResults ?? 20, token: request.NextToken },
      });
      return { EntitySummaryList: page.map(summarize), NextToken: nextToken };
    },
  };
}

// --- internal ---

/** @throws ServiceError for what is for another type of entity, which would change nothing here */
function requireOnly(given: object = {}, field: string, member: string): void {
  const other = Object.keys(given).find((name) => name !== member);
  if (other !== undefined) throw invalid(`${field} must have ${member} for this EntityType; received ${other}.`);
}

function summarize({ kind, name, arn, modified, status, body }: EntityRecord) {
  const head = { EntityType: kind, EntityId: name, EntityArn: arn, LastModifiedDate: timeText(modified) };
  if (kind === 'Offer') {
    const details = body.details as unknown as OfferDetails;
    const members = offerMembers(details);
    const { AvailabilityEndDate } = details;
    return {
      ...head,
      ...(members.Name !== undefined && { Name: members.Name }),
      OfferSummary: { ...members, AvailabilityEndDate: AvailabilityEndDate && `${AvailabilityEndDate}T00:00:00Z` },
    };
  }
  const { ProductTitle } = body.details.Description as { readonly ProductTitle?: string };
  return {
    ...{ ...head, ...(ProductTitle !== undefined && { Name: ProductTitle }), Visibility: status },
    MachineLearningProductSummary: { ProductTitle, Visibility: status },
  };
}

/** What a list has of an offer, and can filter and sort by. */
function offerMembers(details: OfferDetails) {
  const { Name, ProductId, State, ReleaseDate } = details;
  const { accounts: BuyerAccounts, kinds: Targeting } = targetingOf(details);
  return { Name, ProductId, State, BuyerAccounts, Targeting, ReleaseDate };
}

type Member = (record: EntityRecord) => unknown;

const MEMBERS_OF_ALL: Readonly<Record<string, Member>> = {
  EntityId: ({ name }) => name,
  LastModifiedDate: ({ modified }) => new Date(modified * 1000).toISOString(),
};
const OFFER_MEMBERS = ['Name', 'ProductId', 'State', 'BuyerAccounts', 'Targeting', 'ReleaseDate'] as const;

const offerMember =
  (name: (typeof OFFER_MEMBERS)[number]): Member =>
  ({ body }) =>
    offerMembers(body.details as unknown as OfferDetails)[name];
const productTitle: Member = ({ body }) => (body.details.Description as Details | undefined)?.ProductTitle;

/** What lists filter and sort by. */
const MEMBERS: Readonly<Record<Kind, Readonly<Record<string, Member>>>> = {
  Offer: { ...MEMBERS_OF_ALL, ...Object.fromEntries(OFFER_MEMBERS.map((name) => [name, offerMember(name)])) },
  MachineLearningProduct: {
    ...MEMBERS_OF_ALL,
    ...{ ProductTitle: productTitle, Name: productTitle, Visibility: ({ status }) => status },
  },
};

/**
 * One value of a record, but for whom an offer is for.
 * @throws ServiceError for a member that entities of this kind do not have, whether or not there are any
 */
function memberOf(kind: Kind, name: string): (record: EntityRecord) => readonly string[] {
  const members = MEMBERS[kind];
  const member = Object.hasOwn(members, name) ? members[name] : undefined;
  if (member) return (record) => [member(record) ?? ''].flat().map(String);
  throw invalid(`A list of ${kind} filters and sorts by ${Object.keys(members).join(', ')}; received "${name}".`);
}

function filterOf(kind: Kind, name: string, { ValueList, WildCardValue, DateRange }: TypeFilter) {
  const valuesOf = memberOf(kind, name);
  const part = WildCardValue?.toLowerCase();
  const { AfterValue, BeforeValue } = DateRange ?? {};
  return (record: EntityRecord): boolean => {
    const values = valuesOf(record);
    if (ValueList && !values.some((value) => ValueList.includes(value))) return false;
    if (part !== undefined && !values.some((value) => value.toLowerCase().includes(part))) return false;
    // A date that is not there is NaN, which is neither before nor after another.
    const time = Date.parse(values[0] ?? '');
    return (
      (AfterValue === undefined || time > Date.parse(AfterValue)) &&
      (BeforeValue === undefined || time < Date.parse(BeforeValue))
    );
  };
}
