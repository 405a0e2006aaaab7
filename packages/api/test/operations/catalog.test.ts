import { CATALOG, callCatalog, createProduct, productChange, start } from '../catalog/scene.js';
import { checkMatrix, type MatrixCall } from '../support/matrix.js';
import { openScene } from '../support/scene.js';

const none = 'none';
const ENTITY = 'ENTITY';
const EntityType = 'MachineLearningProduct';
const Tags = [{ Key: 'a', Value: '1' }];
const NOT_FOUND = 'ResourceNotFoundException';
const READS = 'it reads';
const CHANGES = 'it can be done again';
const ONE = 'one answer';
const rename = (id: string) => [productChange('UpdateInformation', id, { ProductTitle: 'Other' })];

/** Two products, and a change set that has not ended; ENTITY, ARN and SET in a request mean the first one's and its own. */
async function open(): Promise<MatrixCall> {
  const { api } = await openScene({ changeSetStepMs: 0 });
  const names = new Map<string, string>();
  const call: MatrixCall = async (operation, input) => {
    const text = JSON.stringify(input).replace(/"(ENTITY|ARN|SET)"/g, (_, name) => `"${names.get(name)}"`);
    const { status, body } = await callCatalog(api.url, operation, JSON.parse(text));
    return { status, code: body.__type, body };
  };
  for (const _ of [1, 2]) await settled(api.url, [createProduct]);
  const { body } = await callCatalog(api.url, 'ListEntities', { ...CATALOG, EntityType });
  const [entity] = body.EntitySummaryList as { EntityId: string; EntityArn: string }[];
  names.set('ENTITY', entity!.EntityId).set('ARN', entity!.EntityArn);
  return call;

  async function settled(url: string, changes: readonly object[]): Promise<void> {
    names.set('SET', (await start(url, changes)).body.ChangeSetId);
    for (;;) {
      const { body } = await callCatalog(url, 'DescribeChangeSet', { ...CATALOG, ChangeSetId: names.get('SET') });
      if (!['PREPARING', 'APPLYING'].includes(body.Status)) return;
    }
  }
}

const pages = (items: string, request: object) => ({ request, items, limit: 'MaxResults', token: 'NextToken' });

checkMatrix({
  model: 'marketplace-catalog',
  open,
  invalid: ['ValidationException', undefined],
  rows: {
    StartChangeSet: {
      right: { ...CATALOG, ChangeSet: [createProduct] },
      missing: [{ ...CATALOG, ChangeSet: rename('prod-none') }, NOT_FOUND],
      conflict: 'test/catalog: an entity that another set is changing',
      paged: ONE,
    },
    DescribeChangeSet: {
      right: { ...CATALOG, ChangeSetId: 'SET' },
      missing: [{ ...CATALOG, ChangeSetId: none }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    CancelChangeSet: {
      right: { ...CATALOG, ChangeSetId: 'SET' },
      answer: 'ResourceInUseException', // it has ended; test/catalog cancels one that runs
      missing: [{ ...CATALOG, ChangeSetId: none }, NOT_FOUND],
      conflict: [{ ...CATALOG, ChangeSetId: 'SET' }, 'ResourceInUseException'],
      paged: ONE,
    },
    ListChangeSets: {
      right: CATALOG,
      missing: 'none is an answer',
      conflict: READS,
      paged: pages('ChangeSetSummaryList', CATALOG),
    },
    ListEntities: {
      right: { ...CATALOG, EntityType },
      missing: 'none is an answer',
      conflict: READS,
      paged: pages('EntitySummaryList', { ...CATALOG, EntityType }),
    },
    DescribeEntity: {
      right: { ...CATALOG, EntityId: ENTITY },
      missing: [{ ...CATALOG, EntityId: none }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
    BatchDescribeEntities: {
      right: { EntityRequestList: [{ ...CATALOG, EntityId: ENTITY }] },
      missing: 'what is not there is named in the answer: test/catalog',
      conflict: READS,
      paged: ONE,
    },
    TagResource: {
      right: { ResourceArn: 'ARN', Tags },
      missing: [
        { ResourceArn: 'arn:aws:aws-marketplace:us-east-1:000000000000:AWSMarketplace/Offer/none', Tags },
        NOT_FOUND,
      ],
      conflict: CHANGES,
      paged: ONE,
    },
    UntagResource: {
      right: { ResourceArn: 'ARN', TagKeys: ['a'] },
      missing: [
        {
          ResourceArn: 'arn:aws:aws-marketplace:us-east-1:000000000000:AWSMarketplace/Offer/none',
          TagKeys: ['a'],
        },
        NOT_FOUND,
      ],
      conflict: CHANGES,
      paged: ONE,
    },
    ListTagsForResource: {
      right: { ResourceArn: 'ARN' },
      missing: [{ ResourceArn: 'arn:aws:aws-marketplace:us-east-1:000000000000:AWSMarketplace/Offer/none' }, NOT_FOUND],
      conflict: READS,
      paged: ONE,
    },
  },
});
