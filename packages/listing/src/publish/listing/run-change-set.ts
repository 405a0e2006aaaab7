/**
 * A change set, from the request to its end. The catalog keeps it once it has it, so a run that was killed follows the set of the
 * run before, and starts none a second time.
 */
import { createHash } from 'node:crypto';
import type { RequestedChange } from '@algo/api/requests';
import { JobError, messageOf } from '@algo/local';
import {
  type ChangeSetSummaryListItem,
  type DescribeChangeSetResponse,
  type MarketplaceCatalog,
  paginateListChangeSets,
  type StartChangeSetRequest,
  ValidationException,
} from '@aws-sdk/client-marketplace-catalog';
import { nameOf } from '../aws-error.js';
import type { PublishContext } from '../context.js';
import { CATALOG } from './entities.js';
import { type Refusal, refusalText } from './refusals.js';

export interface ChangeSetRequest {
  /** Of the product's change sets of this kind: `algo limited linear-regression-1-0-0`. */
  readonly name: string;
  /** VALIDATE changes nothing. */
  readonly intent: 'VALIDATE' | 'APPLY';
  readonly changes: readonly RequestedChange[];
}

/** @throws JobError with all that the catalog has against the changes */
export async function runChangeSet(
  context: PublishContext,
  client: MarketplaceCatalog,
  request: ChangeSetRequest,
): Promise<void> {
  const id = await start(context, client, request);
  const ended = await follow(context, client, id, request.name);
  if (ended.Status === 'SUCCEEDED') return;
  throw refused(context, `change set ${id} is ${ended.Status}`, refusalsIn(ended));
}

/** Waits for the end of change sets with these names that an earlier run started; however they ended. */
export async function followEarlier(
  context: PublishContext,
  client: MarketplaceCatalog,
  names: readonly string[],
): Promise<void> {
  for (const { ChangeSetId = '', ChangeSetName = '', Status = '' } of await setsNamed(client, names)) {
    if (ACTIVE.includes(Status)) await follow(context, client, ChangeSetId, ChangeSetName);
  }
}

// --- internal ---

const ACTIVE: readonly string[] = ['PREPARING', 'APPLYING'];
/** As many as one page may have. */
const PAGE = 20;

async function setsNamed(
  client: MarketplaceCatalog,
  names: readonly string[],
): Promise<readonly ChangeSetSummaryListItem[]> {
  const FilterList = [{ Name: 'ChangeSetName', ValueList: [...names] }];
  const found: ChangeSetSummaryListItem[] = [];
  for await (const page of paginateListChangeSets({ client, pageSize: PAGE }, { Catalog: CATALOG, FilterList })) {
    for (const set of page.ChangeSetSummaryList ?? []) found.push(set);
  }
  return found;
}

/** Where another set is changing the product, waits for its end. */
async function start(
  context: PublishContext,
  client: MarketplaceCatalog,
  { name, intent, changes }: ChangeSetRequest,
): Promise<string> {
  const earlier = (await setsNamed(client, [name])).length;
  // With the same token a request that is sent again is the same set; after a set that failed, it is another one.
  const token = createHash('sha256')
    .update(JSON.stringify([name, earlier, changes]))
    .digest('hex');
  const request: StartChangeSetRequest = {
    ...{ Catalog: CATALOG, Intent: intent, ChangeSetName: name, ClientRequestToken: token },
    ChangeSet: changes as StartChangeSetRequest['ChangeSet'],
  };
  for (;;) {
    try {
      const { ChangeSetId = '' } = await client.startChangeSet(request);
      return ChangeSetId;
    } catch (error) {
      if (error instanceof ValidationException) throw refused(context, 'the request is refused', refusalsOf(error));
      if (nameOf(error) !== 'ResourceInUseException') throw error;
      context.progress(`${name}: waits, as ${messageOf(error)}`);
      await context.pause();
    }
  }
}

async function follow(
  context: PublishContext,
  client: MarketplaceCatalog,
  ChangeSetId: string,
  name: string,
): Promise<DescribeChangeSetResponse> {
  for (let said = ''; ; ) {
    const described = await client.describeChangeSet({ Catalog: CATALOG, ChangeSetId });
    const { Status = '' } = described;
    const text = `${name}: change set ${ChangeSetId} is ${Status}`;
    if (text !== said) context.say(text);
    said = text;
    context.progress(text);
    if (!ACTIVE.includes(Status)) return described;
    await context.pause();
  }
}

function refusalsIn({ ChangeSet = [], FailureDescription }: DescribeChangeSetResponse): readonly Refusal[] {
  const found = ChangeSet.flatMap(({ ChangeType: change = '', ErrorDetailList = [] }) =>
    ErrorDetailList.map(({ ErrorCode: code = '', ErrorMessage: message = '' }) => ({
      ...{ change, code, message, field: undefined },
    })),
  );
  if (found.length > 0) return found;
  return [{ change: 'the set', code: 'no code', message: FailureDescription ?? 'no reason given', field: undefined }];
}

function refusalsOf(error: ValidationException): readonly Refusal[] {
  const { ValidationExceptionFieldList: fields = [] } = error;
  if (fields.length === 0) {
    return [{ change: 'the set', code: error.name, message: messageOf(error), field: undefined }];
  }
  return fields.map(({ ChangeType: change = 'the set', Reason: code = error.name, Message: message = '', Field }) => ({
    ...{ change, code, message, field: Field },
  }));
}

function refused({ material }: PublishContext, what: string, refusals: readonly Refusal[]): JobError {
  const texts = refusals.map((refusal) => refusalText(refusal, material.productFile));
  return new JobError([`AWS Marketplace's catalog does not take the changes; ${what}`, ...texts].join('\n'));
}
