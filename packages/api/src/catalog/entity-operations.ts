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
      const filters: readonly (readonly [string, TypeFilter])[] = [
        ...(request.FilterList ?? []).map(({ Name = '', ValueList = [] }) => [Name, { ValueList }] as const),
        ...Object.entries(request.EntityTypeFilters?.[`${kind}Filters`] ?? {}),
      ];
      const found = records
        .all<EntityBody>(kind)
        .filter((record) => filters.every(([name, filter]) => matches(record, name, filter)));
      const { SortBy = 'LastModifiedDate', SortOrder } = request.EntityTypeSort?.[`${kind}Sort`] ?? request.Sort ?? {};
      const { page, nextToken } = pageOf(found, (record) => membersOf(record, SortBy)[0] ?? '', {
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

/** What lists filter and sort by. One value, but for whom an offer is for. */
function membersOf(record: EntityRecord, name: string): readonly string[] {
  const { Description = {} } = record.body.details as { readonly Description?: Details };
  const product = typeof Description === 'object' ? (Description as Details) : {};
  const values: Readonly<Record<string, unknown>> = {
    EntityId: record.name,
    LastModifiedDate: new Date(record.modified * 1000).toISOString(),
    ...(record.kind === 'Offer'
      ? offerMembers(record.body.details as unknown as OfferDetails)
      : { ProductTitle: product.ProductTitle, Name: product.ProductTitle, Visibility: record.status }),
  };
  if (Object.hasOwn(values, name)) return [values[name] ?? ''].flat().map(String);
  throw invalid(`A list of ${record.kind} filters and sorts by ${Object.keys(values).join(', ')}; received "${name}".`);
}

function matches(record: EntityRecord, name: string, { ValueList, WildCardValue, DateRange }: TypeFilter): boolean {
  const values = membersOf(record, name);
  if (ValueList && !values.some((value) => ValueList.includes(value))) return false;
  const part = WildCardValue?.toLowerCase();
  if (part !== undefined && !values.some((value) => value.toLowerCase().includes(part))) return false;
  const { AfterValue, BeforeValue } = DateRange ?? {};
  // A date that is not there is NaN, which is neither before nor after another.
  const time = Date.parse(values[0] ?? '');
  return (
    (AfterValue === undefined || time > Date.parse(AfterValue)) &&
    (BeforeValue === undefined || time < Date.parse(BeforeValue))
  );
}
