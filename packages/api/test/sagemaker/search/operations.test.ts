import { describe, expect, it } from 'vitest';
import type { SearchExpression } from '../../../src/sagemaker/search/filter.js';
import { hasEnded, openScene, sharedScene, trainingJob } from '../../support/scene.js';

const shared = sharedScene(async (scene) => {
  scene.put({ 'train/a.csv': '1\n' });
  for (const [name, epochs] of [
    ['a', '1'],
    ['b', '2'],
    ['c', '10'],
  ] as const) {
    const Tags = name === 'c' ? [] : [{ Key: 'team', Value: name }];
    await scene.call('CreateTrainingJob', trainingJob(name, { HyperParameters: { epochs }, Tags }));
    await scene.until('DescribeTrainingJob', { TrainingJobName: name }, hasEnded);
  }
});

async function search(request: object) {
  const { status, body } = await shared().call('Search', {
    Resource: 'TrainingJob',
    SortBy: 'TrainingJobName',
    SortOrder: 'Ascending',
    ...request,
  });
  expect([status, body]).toMatchObject([200, {}]);
  return body;
}

const namesOf = ({ Results }: { Results: { TrainingJob: { TrainingJobName: string } }[] }) =>
  Results.map(({ TrainingJob }) => TrainingJob.TrainingJobName);

const filter = (Name: string, Operator?: string, Value?: string) => ({
  SearchExpression: { Filters: [{ Name, Operator, Value }] },
});
const nested = (NestedPropertyName: string, Name: string) => ({
  SearchExpression: { NestedFilters: [{ NestedPropertyName, Filters: [{ Name, Value: 'x' }] }] },
});

const filters = (count: number) => Array.from({ length: count }, () => ({ Name: 'RoleArn', Value: 'x' }));

describe('Search', () => {
  it.each<[string, SearchExpression, string[]]>([
    [
      'a number in a map',
      { Filters: [{ Name: 'HyperParameters.epochs', Operator: 'GreaterThan', Value: '1' }] },
      ['b', 'c'],
    ],
    ['a tag', { Filters: [{ Name: 'Tags.team', Value: 'b' }] }, ['b']],
    ['any tag', { Filters: [{ Name: 'Tags', Operator: 'Exists' }] }, ['a', 'b']],
    ['no tag', { Filters: [{ Name: 'Tags.team', Operator: 'NotExists' }] }, ['c']],
    ['a metric', { Filters: [{ Name: 'Metrics.train:sum', Operator: 'LessThanOrEqualTo', Value: '2' }] }, ['a', 'b']],
    ['one of several', { Filters: [{ Name: 'TrainingJobName', Operator: 'In', Value: 'a, c' }] }, ['a', 'c']],
    ['a time', { Filters: [{ Name: 'CreationTime', Operator: 'LessThan', Value: '2001-01-01T00:00:00Z' }] }, []],
    [
      'either of two',
      {
        Operator: 'Or',
        Filters: [
          { Name: 'TrainingJobName', Value: 'a' },
          { Name: 'Tags.team', Value: 'b' },
        ],
      },
      ['a', 'b'],
    ],
    [
      'items of a list that match together',
      {
        NestedFilters: [
          {
            NestedPropertyName: 'InputDataConfig',
            Filters: [
              { Name: 'InputDataConfig.ChannelName', Value: 'train' },
              { Name: 'InputDataConfig.DataSource.S3DataSource.S3Uri', Operator: 'Contains', Value: 's3://data' },
            ],
          },
        ],
      },
      ['a', 'b', 'c'],
    ],
    [
      'expressions in expressions',
      {
        SubExpressions: [
          { Filters: [{ Name: 'TrainingJobName', Operator: 'NotEquals', Value: 'a' }] },
          { Filters: [{ Name: 'Tags.team', Operator: 'Exists' }] },
        ],
      },
      ['b'],
    ],
  ])('finds jobs by %s', async (_, SearchExpression, names) => {
    expect(namesOf(await search({ SearchExpression }))).toEqual(names);
  });

  it('answers pages, sorted, with all hits counted', async () => {
    const first = await search({ MaxResults: 2, SortBy: 'CreationTime', SortOrder: 'Descending' });
    const second = await search({
      MaxResults: 2,
      SortBy: 'CreationTime',
      SortOrder: 'Descending',
      NextToken: first.NextToken,
    });

    expect([namesOf(first), namesOf(second), second.NextToken]).toEqual([['c', 'b'], ['a'], undefined]);
    expect(first.TotalHits).toEqual({ Value: 3, Relation: 'EqualTo' });
    expect(first.Results[1].TrainingJob.Tags).toEqual([{ Key: 'team', Value: 'b' }]);
  });

  it.each<[string, object, string[]]>([
    ['not those of other accounts', { CrossAccountFilterOption: 'CrossAccount' }, []],
    ['those of this account', { CrossAccountFilterOption: 'SameAccount' }, ['a', 'b', 'c']],
    [
      'none with another value for a tag',
      {
        VisibilityConditions: [
          { Key: 'Tags.team', Value: 'a' },
          { Key: 'Tags.other', Value: 'x' },
        ],
      },
      ['a', 'c'],
    ],
  ])('finds %s', async (_, request, names) => {
    const found = await search(request);

    expect([namesOf(found), found.TotalHits.Value]).toEqual([names, names.length]);
  });

  it('goes on after the last hit of a page, whatever is created meanwhile', async () => {
    const scene = await openScene();
    scene.put({ 'train/a.csv': '1\n' });
    const page = async (NextToken?: string) => {
      const order = { SortBy: 'HyperParameters.epochs', SortOrder: 'Descending', MaxResults: 1 };
      return (await scene.call('Search', { Resource: 'TrainingJob', ...order, NextToken })).body;
    };
    const create = (name: string, changes?: object) => scene.call('CreateTrainingJob', trainingJob(name, changes));
    await create('without');
    await create('low', { HyperParameters: { epochs: '1' } });
    await create('high', { HyperParameters: { epochs: '2' } });

    const first = await page();
    await create('higher', { HyperParameters: { epochs: '3' } });
    const second = await page(first.NextToken);
    const third = await page(second.NextToken);

    expect([first, second, third].map(namesOf)).toEqual([['high'], ['low'], ['without']]);
    expect(third.NextToken).toBeUndefined();
  });

  it.each([
    [{ Resource: 'Pipeline' }, /^Resource must be one of TrainingJob, /],
    [filter('TrainingJobName'), 'Filter "TrainingJobName" must have a Value for the operator Equals.'],
    [{ SortBy: 'Nope' }, 'SortBy must be a property of TrainingJob; received "Nope".'],
    [{ SortBy: 'constructor' }, /^SortBy must be a property/],
    [filter('Nope', 'Equals', 'x'), 'A filter must name a property of TrainingJob; received "Nope".'],
    [filter('ResourceConfig.Nope', 'Exists'), /received "ResourceConfig\.Nope"/],
    [{ SearchExpression: { SubExpressions: [filter('Nope', 'Exists').SearchExpression] } }, /received "Nope"/],
    [
      filter('TrainingJobName', 'GreaterThan', 'a'),
      'The operator GreaterThan must not be used with "TrainingJobName", which is a text.',
    ],
    [filter('ResourceConfig.InstanceCount', 'Contains', '1'), /^The operator Contains must not be used/],
    [filter('ResourceConfig', 'Equals', '1'), /"ResourceConfig", which is a structure\.$/],
    [filter('ResourceConfig.InstanceCount', 'In', '1,2'), /^The operator In must not be used/],
    [filter('ResourceConfig.InstanceCount', 'LessThan', 'x'), /must be a number; received "x"/],
    [
      { SearchExpression: { Filters: ['a', 'b'].map((Value) => ({ Name: 'RoleArn', Operator: 'Contains', Value })) } },
      "'CONTAINS' operator usage limit of 1 exceeded.",
    ],
    [filter('CreationTime', 'LessThan', 'soon'), 'The Value of "CreationTime" must be a time; received "soon".'],
    [filter('EnableManagedSpotTraining', 'Equals', 'yes'), /must be a boolean; received "yes"/],
    [nested('Nope', 'ChannelName'), 'NestedPropertyName must be a list of TrainingJob; received "Nope".'],
    [nested('InputDataConfig', 'Nope'), /received "Nope"/],
    [nested('ResourceConfig', 'InstanceType'), /^NestedPropertyName must be a list/],
    [nested('Tags', 'Key'), /^NestedPropertyName must be a list/],
    [{ SearchExpression: {} }, 'A SearchExpression must have a filter, a nested filter or an expression.'],
    [{ SearchExpression: { SubExpressions: [{ Operator: 'Or' }] } }, /^A SearchExpression must have a filter/],
    [
      { SearchExpression: { Filters: filters(12), SubExpressions: filters(9).map((one) => ({ Filters: [one] })) } },
      'An expression must have up to 20 elements; received 21.',
    ],
    [
      {
        SearchExpression: {
          SubExpressions: [{ Filters: filters(20) }, { Filters: filters(20) }, { Filters: filters(8) }],
        },
      },
      'A SearchExpression must have up to 50 filters and expressions; received 51.',
    ],
    [
      { VisibilityConditions: [{ Key: 'team', Value: 'a' }] },
      'The Key of a visibility condition must be Tags.KEY; received "team".',
    ],
    [{ NextToken: 'x' }, 'NextToken must be one of Search; received "x".'],
  ])('refuses %j', async (request, message) => {
    const { body } = await shared().call('Search', { Resource: 'TrainingJob', ...request });

    expect(body.__type).toBe('ValidationException');
    expect(body.message).toMatch(message);
  });
});
