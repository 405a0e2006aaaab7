/** StartChangeSet, DescribeChangeSet, ListChangeSets, CancelChangeSet. */
import type { Operation } from '../protocol/run-operation.js';
import { ServiceError } from '../service-error.js';
import type { StoredRecord } from '../store/record.js';
import { checkTagKeys } from '../store/tags.js';
import { invalid, notFound, requireCatalog } from './catalog-errors.js';
import { type RequestedChange, readChange } from './change-request.js';
import { CHANGE_SET, type ChangeSetBody, type ChangeSetRun, describeChangeSet } from './change-sets.js';
import { type Catalog, catalogArn, entityId, findEntity, newId, timeText } from './entity.js';
import { pageOf } from './pages.js';

interface StartRequest {
  readonly Catalog: string;
  readonly ChangeSet: readonly RequestedChange[];
  readonly ChangeSetName?: string;
  readonly ClientRequestToken?: string;
  readonly ChangeSetTags?: readonly { readonly Key: string; readonly Value: string }[];
  readonly Intent?: 'VALIDATE' | 'APPLY';
}

interface IdRequest {
  readonly Catalog: string;
  readonly ChangeSetId: string;
}

interface ListRequest {
  readonly Catalog: string;
  readonly FilterList?: readonly { readonly Name?: string; readonly ValueList?: readonly string[] }[];
  readonly Sort?: { readonly SortBy?: string; readonly SortOrder?: string };
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

const ACTIVE = ['PREPARING', 'APPLYING'];
const FAILURE = 'One or more changes failed: see the ErrorDetailList of each.';

export function changeSetOperations(catalog: Catalog, run: ChangeSetRun): Readonly<Record<string, Operation>> {
  const { records, tags } = catalog.store;
  const find = ({ Catalog: name, ChangeSetId }: IdRequest) => {
    requireCatalog(name);
    const record = records.find<ChangeSetBody>(CHANGE_SET, ChangeSetId);
    if (record) return record;
    throw notFound(`The catalog has no change set "${ChangeSetId}".`);
  };
  const allSets = () => records.all<ChangeSetBody>(CHANGE_SET);
  return {
    StartChangeSet(request: StartRequest) {
      requireCatalog(request.Catalog);
      const { ClientRequestToken: token, ChangeSetName, Intent = 'APPLY', ChangeSet } = request;
      const known = token === undefined ? undefined : allSets().find(({ body }) => body.token === token);
      if (known) return { ChangeSetId: known.name, ChangeSetArn: known.arn };
      checkTagKeys(request.ChangeSetTags ?? [], invalid);
      const changes = ChangeSet.map(readChange);
      for (const { identifier } of changes) if (identifier !== undefined) requireFree(catalog, identifier);
      const name = newId('', 25);
      const arn = catalogArn(catalog, CHANGE_SET, name);
      const created = Date.now() / 1000;
      const body: ChangeSetBody = {
        ...(ChangeSetName !== undefined && { name: ChangeSetName }),
        ...(token !== undefined && { token }),
        ...{ intent: Intent, changes: ChangeSet, results: [] },
      };
      catalog.store.transaction(() => {
        records.insert({ kind: CHANGE_SET, name, arn, status: 'PREPARING', created, modified: created, body });
        tags.set(arn, request.ChangeSetTags ?? []);
      });
      run.wake();
      return { ChangeSetId: name, ChangeSetArn: arn };
    },

    DescribeChangeSet(request: IdRequest) {
      const record = find(request);
      const { FailureCode, ...described } = describeChangeSet(record);
      return {
        ...described,
        Intent: record.body.intent,
        ...(FailureCode !== undefined && { FailureCode, FailureDescription: FAILURE }),
        ChangeSet: record.body.changes.map((change, i) => describeChange(record, change, i)),
      };
    },

    ListChangeSets({ Catalog: name, FilterList = [], Sort = {}, MaxResults = 20, NextToken }: ListRequest) {
      requireCatalog(name);
      const filters = FilterList.map(filterOf);
      const found = allSets().filter((record) => filters.every((isMatch) => isMatch(record)));
      const { SortBy = 'StartTime' } = Sort;
      const key = Object.hasOwn(SORT_KEYS, SortBy) ? SORT_KEYS[SortBy] : undefined;
      if (!key) throw invalid(`Sort/SortBy must be one of ${Object.keys(SORT_KEYS).join(', ')}; received "${SortBy}".`);
      const { page, nextToken } = pageOf(found, key, { order: Sort.SortOrder, count: MaxResults, token: NextToken });
      const list = page.map((record) => ({ ...describeChangeSet(record), EntityIdList: entityIds(record) }));
      return { ChangeSetSummaryList: list, NextToken: nextToken };
    },

    CancelChangeSet(request: IdRequest) {
      const record = find(request);
      if (record.status !== 'PREPARING') {
        const message = `Change set ${record.name} must be in status PREPARING to be cancelled; it is ${record.status}.`;
        throw new ServiceError('ResourceInUseException', message, 423);
      }
      const time = Date.now() / 1000;
      records.update({ ...record, status: 'CANCELLED', modified: time, body: { ...record.body, ended: time } });
      return { ChangeSetId: record.name, ChangeSetArn: record.arn };
    },
  };

  /** One set at a time changes an entity. */
  function requireFree({ store }: Catalog, identifier: string): void {
    if (identifier.startsWith('$')) return;
    const id = entityId(identifier);
    const entity = findEntity(catalog, id);
    if (!entity) throw notFound(`The catalog has no entity "${identifier}".`);
    const revision = /@(\d+)$/.exec(identifier)?.[1];
    if (revision !== undefined && Number(revision) !== entity.body.revision) {
      throw invalid(
        `Entity/Identifier must name the newest revision, ${entity.body.revision}; received "${identifier}".`,
      );
    }
    const running = ACTIVE.flatMap((status) => store.records.ofStatus<ChangeSetBody>(CHANGE_SET, status));
    const isOf = ({ Entity }: RequestedChange) => Entity.Identifier !== undefined && entityId(Entity.Identifier) === id;
    const other = running.find(({ body }) => body.changes.some(isOf));
    if (!other) return;
    throw new ServiceError('ResourceInUseException', `Change set ${other.name} is changing "${id}".`, 423);
  }
}

// --- internal ---

type SetRecord = StoredRecord<ChangeSetBody>;

function describeChange({ body }: SetRecord, change: RequestedChange, i: number) {
  const result = body.results[i];
  const { ChangeType, ChangeName, Entity, Details, DetailsDocument } = change;
  const text = Details ?? JSON.stringify(DetailsDocument);
  const Identifier = result?.identifier ?? Entity.Identifier;
  return {
    ...{ ChangeType, ...(ChangeName !== undefined && { ChangeName }) },
    Entity: { Type: Entity.Type, ...(Identifier !== undefined && { Identifier }) },
    ...(text.length <= 16_384 && { Details: text }),
    DetailsDocument: DetailsDocument ?? JSON.parse(text),
    ErrorDetailList: (result?.errors ?? []).map((error) => ({
      ...error,
      ErrorMessage: error.ErrorMessage.slice(0, 2048),
    })),
  };
}

function entityIds({ body }: SetRecord): readonly string[] {
  const ids = body.changes.map(({ Entity }, i) => body.results[i]?.identifier ?? Entity.Identifier ?? '');
  return [...new Set(ids.map(entityId).filter((id) => /^[\w-]+$/.test(id)))];
}

const SORT_KEYS: Readonly<Record<string, (record: SetRecord) => number>> = {
  StartTime: ({ created }) => created,
  EndTime: ({ body }) => body.ended ?? 0,
};

const DATE_FILTERS: Readonly<Record<string, (record: SetRecord, value: number) => boolean>> = {
  BeforeStartTime: ({ created }, value) => created < value,
  AfterStartTime: ({ created }, value) => created > value,
  BeforeEndTime: ({ body }, value) => body.ended !== undefined && body.ended < value,
  AfterEndTime: ({ body }, value) => body.ended !== undefined && body.ended > value,
};

/** @throws ServiceError for a filter that there cannot be, whatever sets there are */
function filterOf({ Name = '', ValueList = [] }: NonNullable<ListRequest['FilterList']>[number]) {
  if (Name === 'ChangeSetName') return ({ body }: SetRecord) => ValueList.includes(body.name ?? '');
  if (Name === 'Status') return ({ status }: SetRecord) => ValueList.includes(status);
  if (Name === 'EntityId') return (record: SetRecord) => entityIds(record).some((id) => ValueList.includes(id));
  const compare = Object.hasOwn(DATE_FILTERS, Name) ? DATE_FILTERS[Name] : undefined;
  const known = ['ChangeSetName', 'Status', 'EntityId', ...Object.keys(DATE_FILTERS)].join(', ');
  if (!compare) throw invalid(`FilterList/Name must be one of ${known}; received "${Name}".`);
  const times = ValueList.map((value) => {
    const ms = Date.parse(value);
    if (Number.isNaN(ms)) throw invalid(`Filter ${Name} must be a time as ${timeText(0)}; received "${value}".`);
    return ms / 1000;
  });
  return (record: SetRecord) => times.every((time) => compare(record, time));
}
