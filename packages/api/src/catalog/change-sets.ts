/**
 * Change sets: kept when they are asked for, then PREPARING, APPLYING, and SUCCEEDED or FAILED. A set is applied in one
 * transaction with the record of its end, so a server that was killed applies it after its next start, once.
 */
import type { StoredRecord } from '../store/record.js';
import { type Applied, applyChanges } from './apply-changes.js';
import type { ErrorDetail } from './change-error.js';
import { type RequestedChange, readChange } from './change-request.js';
import { type Catalog, catalogArn, type Entity, type EntityBody, findEntity, statusOf, timeText } from './entity.js';

export const CHANGE_SET = 'ChangeSet';

export interface ChangeSetBody {
  readonly name?: string;
  readonly token?: string;
  readonly intent: 'VALIDATE' | 'APPLY';
  readonly changes: readonly RequestedChange[];
  readonly ended?: number;
  /** Per change, once it has ended: the entity with its revision, and errors. */
  readonly results: readonly { readonly identifier?: string; readonly errors: readonly ErrorDetail[] }[];
}

export interface ChangeSetRun {
  /** Begins what waits. */
  wake(): void;
  close(): void;
}

/** Takes each set one step further after a while, as clients see it on AWS, where it takes minutes. */
export function startChangeSets(catalog: Catalog, stepMs: number, onError: (error: unknown) => void): ChangeSetRun {
  const { records } = catalog.store;
  let timer: NodeJS.Timeout | undefined;
  const run = () => {
    timer = undefined;
    try {
      for (const record of records.ofStatus<ChangeSetBody>(CHANGE_SET, 'APPLYING')) apply(catalog, record);
      for (const record of records.ofStatus<ChangeSetBody>(CHANGE_SET, 'PREPARING')) {
        records.update({ ...record, status: 'APPLYING', modified: Date.now() / 1000 });
      }
    } catch (error) {
      onError(error);
    }
    wake();
  };
  const wake = () => {
    const waits = ['PREPARING', 'APPLYING'].some((status) => records.ofStatus(CHANGE_SET, status).length > 0);
    if (waits) timer ??= setTimeout(run, stepMs);
  };
  wake();
  return { wake, close: () => clearTimeout(timer) };
}

// --- internal ---

function apply(catalog: Catalog, record: StoredRecord<ChangeSetBody>): void {
  const { store } = catalog;
  store.transaction(() => {
    const changes = record.body.changes.map(readChange);
    const { results, entities } = applyChanges(catalog, changes);
    const hasFailed = results.some(({ errors }) => errors.length > 0);
    const ended = Date.now() / 1000;
    const isApplied = !hasFailed && record.body.intent === 'APPLY';
    if (isApplied) for (const entity of entities) save(catalog, entity, ended);
    if (isApplied) setTags(catalog, changes, results);
    const body: ChangeSetBody = {
      ...record.body,
      ended,
      results: results.map(({ id, errors }) => {
        const known = id === undefined ? undefined : findEntity(catalog, id);
        return { errors, ...(known && { identifier: `${known.name}@${known.body.revision}` }) };
      }),
    };
    store.records.update({ ...record, status: hasFailed ? 'FAILED' : 'SUCCEEDED', modified: ended, body });
  });
}

function save(catalog: Catalog, entity: Entity, time: number): void {
  const { records } = catalog.store;
  const known = records.find<EntityBody>(entity.kind, entity.id);
  const status = statusOf(entity);
  const body: EntityBody = { revision: (known?.body.revision ?? 0) + 1, details: entity.details };
  if (known) records.update({ ...known, status, modified: time, body });
  else {
    const arn = catalogArn(catalog, entity.kind, entity.id);
    records.insert({ kind: entity.kind, name: entity.id, arn, status, created: time, modified: time, body });
  }
}

function setTags(
  catalog: Catalog,
  changes: readonly { readonly kind: string; readonly tags: RequestedChange['EntityTags'] }[],
  results: Applied['results'],
): void {
  changes.forEach(({ kind, tags }, i) => {
    if (tags) catalog.store.tags.set(catalogArn(catalog, kind, results[i]!.id!), tags);
  });
}

export function describeChangeSet({ name, arn, status, created, body }: StoredRecord<ChangeSetBody>) {
  const errors = body.results.flatMap((result) => result.errors);
  return {
    ...{ ChangeSetId: name, ChangeSetArn: arn, Status: status, StartTime: timeText(created) },
    ...(body.name !== undefined && { ChangeSetName: body.name }),
    ...(body.ended !== undefined && { EndTime: timeText(body.ended) }),
    ...(errors.length > 0 && { FailureCode: 'CLIENT_ERROR' }),
  };
}
