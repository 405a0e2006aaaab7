/** The kinds of resources that the reference knows: how each is made, read, listed, tagged and removed. */
import { IMAGE, ROLE, trainingJob } from './scene.js';

/** An operation as X-Amz-Target names it, and its input. */
export type Request = readonly [target: string, input: object];

// biome-ignore lint/suspicious/noExplicitAny: each operation has its own
type Body = any;

export interface Kind {
  /** What is made of these; names that are equal but for their case have one ARN in SageMaker. */
  readonly names: readonly string[];
  /** The order of its list. */
  readonly order: 'oldest first' | 'newest first' | 'name';
  arnOf(name: string): string;
  create(name: string): Request;
  describe(name: string): Request;
  /** What of the answer says that it is this one, and how it is. */
  described(name: string, hasEnded: boolean): object;
  remove(name: string): Request;
  /** Of a job: until it has ended, it cannot be removed. */
  readonly stop?: (name: string) => Request;
  list(limit: number, token: string | undefined): Request;
  listed(body: Body): { readonly names: readonly string[]; readonly token: string | undefined };
  readonly tags?: Tagging;
}

export interface Tagging {
  add(arn: string, tag: object): Request;
  remove(arn: string, key: string): Request;
  list(arn: string): Request;
  listed(body: Body): readonly { readonly Key: string; readonly Value: string }[];
}

export const KINDS: readonly Kind[] = [
  sageMakerKind(
    'TrainingJob',
    'training-job',
    'TrainingJobSummaries',
    'oldest first',
    (name) => trainingJob(name),
    true,
  ),
  sageMakerKind('Model', 'model', 'Models', 'newest first', (name) => ({
    ...{ ModelName: name, PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE },
  })),
  sageMakerKind('ModelPackageGroup', 'model-package-group', 'ModelPackageGroupSummaryList', 'oldest first', (name) => ({
    ModelPackageGroupName: name,
  })),
  logGroups(),
  repositories(),
];

// --- internal ---

function sageMakerKind(
  noun: string,
  kind: string,
  summaries: string,
  order: Kind['order'],
  request: (name: string) => object,
  isJob = false,
): Kind {
  const target = (operation: string) => `SageMaker.${operation}`;
  const named = (name: string) => ({ [`${noun}Name`]: name });
  return {
    ...{ names: ['a', 'A', 'b', 'b-1', 'c'], order },
    arnOf: (name) => `arn:aws:sagemaker:us-east-1:000000000000:${kind}/${name.toLowerCase()}`,
    create: (name) => [target(`Create${noun}`), request(name)],
    describe: (name) => [target(`Describe${noun}`), named(name)],
    described: (name, hasEnded) => ({
      ...named(name),
      ...(isJob && { TrainingJobStatus: hasEnded ? 'Stopped' : 'InProgress' }),
    }),
    remove: (name) => [target(`Delete${noun}`), named(name)],
    ...(isJob && { stop: (name: string) => [target(`Stop${noun}`), named(name)] as const }),
    list: (MaxResults, NextToken) => [target(`List${noun}s`), { MaxResults, NextToken }],
    listed: (body) => ({
      names: body[summaries].map((summary: Record<string, string>) => summary[`${noun}Name`]),
      token: body.NextToken,
    }),
    tags: {
      add: (ResourceArn, tag) => [target('AddTags'), { ResourceArn, Tags: [tag] }],
      remove: (ResourceArn, key) => [target('DeleteTags'), { ResourceArn, TagKeys: [key] }],
      list: (ResourceArn) => [target('ListTags'), { ResourceArn }],
      listed: ({ Tags }) => Tags,
    },
  };
}

/** A group is read by its streams, of which it has none. */
function logGroups(): Kind {
  const target = (operation: string) => `Logs_20140328.${operation}`;
  return {
    ...{ names: ['a', 'A', 'b', '/b/1', 'c'], order: 'name' },
    arnOf: (name) => `arn:aws:logs:us-east-1:000000000000:log-group:${name}`,
    create: (logGroupName) => [target('CreateLogGroup'), { logGroupName }],
    describe: (logGroupName) => [target('DescribeLogStreams'), { logGroupName }],
    described: () => ({ logStreams: [] }),
    remove: (logGroupName) => [target('DeleteLogGroup'), { logGroupName }],
    list: (limit, nextToken) => [target('DescribeLogGroups'), { limit, nextToken }],
    listed: ({ logGroups: groups, nextToken }) => ({
      names: groups.map(({ logGroupName }: { logGroupName: string }) => logGroupName),
      token: nextToken,
    }),
  };
}

function repositories(): Kind {
  const target = (operation: string) => `AmazonEC2ContainerRegistry_V20150921.${operation}`;
  const arnOf = (name: string) => `arn:aws:ecr:us-east-1:000000000000:repository/${name}`;
  return {
    ...{ names: ['aa', 'a-a', 'bb', 'bb/1', 'cc'], order: 'name', arnOf },
    create: (repositoryName) => [target('CreateRepository'), { repositoryName }],
    describe: (name) => [target('DescribeRepositories'), { repositoryNames: [name] }],
    described: (repositoryName) => ({ repositories: [{ repositoryName, repositoryArn: arnOf(repositoryName) }] }),
    remove: (repositoryName) => [target('DeleteRepository'), { repositoryName }],
    list: (maxResults, nextToken) => [target('DescribeRepositories'), { maxResults, nextToken }],
    listed: ({ repositories: found, nextToken }) => ({
      names: found.map(({ repositoryName }: { repositoryName: string }) => repositoryName),
      token: nextToken,
    }),
    tags: {
      add: (resourceArn, tag) => [target('TagResource'), { resourceArn, tags: [tag] }],
      remove: (resourceArn, key) => [target('UntagResource'), { resourceArn, tagKeys: [key] }],
      list: (resourceArn) => [target('ListTagsForResource'), { resourceArn }],
      listed: ({ tags }) => tags,
    },
  };
}
