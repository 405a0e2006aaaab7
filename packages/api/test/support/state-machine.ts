/**
 * The API against a reference that keeps resources in maps: random calls, each of whose answers the reference foretells. Jobs
 * never begin (concurrency 0), so nothing but requests changes a state.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import type { Answer } from './scene.js';
import { IMAGE, ROLE, trainingJob } from './scene.js';

/** `A` and `a` have one ARN. */
const NAMES = ['a', 'A', 'b', 'b-1', 'c'];

interface Kind {
  readonly noun: string;
  readonly kind: string;
  readonly summaries: string;
  /** In the order in which they were made. */
  readonly isOldestFirst: boolean;
  request(name: string): object;
  readonly isJob: boolean;
}

const KINDS: readonly Kind[] = [
  {
    ...{
      noun: 'TrainingJob',
      kind: 'training-job',
      summaries: 'TrainingJobSummaries',
      isOldestFirst: true,
      isJob: true,
    },
    request: (name) => trainingJob(name),
  },
  {
    ...{ noun: 'Model', kind: 'model', summaries: 'Models', isOldestFirst: false, isJob: false },
    request: (name) => ({ ModelName: name, PrimaryContainer: { Image: IMAGE }, ExecutionRoleArn: ROLE }),
  },
  {
    ...{ noun: 'ModelPackageGroup', kind: 'model-package-group', isOldestFirst: true, isJob: false },
    summaries: 'ModelPackageGroupSummaryList',
    request: (name) => ({ ModelPackageGroupName: name }),
  },
];

const VERBS = ['Create', 'Describe', 'Delete', 'Stop', 'List', 'Tag', 'Untag', 'Restart'] as const;

/** One call: what it does, to which kind, with which name and tag. */
export const calls = fc.record({
  verb: fc.oneof(
    { weight: 3, arbitrary: fc.constant('Create' as const) },
    { weight: 7, arbitrary: fc.constantFrom(...VERBS) },
  ),
  kind: fc.constantFrom(...KINDS),
  name: fc.constantFrom(...NAMES),
  key: fc.constantFrom('k', 'l'),
  maxResults: fc.integer({ min: 1, max: 4 }),
});

export type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never;

interface Resource {
  readonly name: string;
  readonly tags: Map<string, string>;
  hasEnded: boolean;
}

/** What the API should know. */
export class Reference {
  readonly #resources = new Map<Kind, Resource[]>(KINDS.map((kind) => [kind, []]));

  /** Makes the call of the API, and compares its answer with what should be. */
  async make(call: Call, api: { call(operation: string, input: object): Promise<Answer> }): Promise<void> {
    const { verb, kind, name, key } = call;
    const all = this.#resources.get(kind)!;
    const found = all.find((resource) => resource.name === name);
    const named = { [`${kind.noun}Name`]: name };
    const arn = `arn:aws:sagemaker:us-east-1:000000000000:${kind.kind}/${name.toLowerCase()}`;
    const expectRefused = async (answer: Promise<Answer>) => expect((await answer).status).toBe(400);
    if (verb === 'Create') {
      const answer = api.call(`Create${kind.noun}`, kind.request(name));
      if (all.some((resource) => resource.name.toLowerCase() === name.toLowerCase())) return expectRefused(answer);
      expect(await answer).toMatchObject({ status: 200, body: { [`${kind.noun}Arn`]: arn } });
      all.push({ name, tags: new Map(), hasEnded: !kind.isJob });
    } else if (verb === 'Describe') {
      const answer = api.call(`Describe${kind.noun}`, named);
      if (!found) return expectRefused(answer);
      const status = kind.isJob ? { TrainingJobStatus: found.hasEnded ? 'Stopped' : 'InProgress' } : {};
      expect(await answer).toMatchObject({ status: 200, body: { ...named, ...status } });
    } else if (verb === 'Delete') {
      const answer = api.call(`Delete${kind.noun}`, named);
      if (!found?.hasEnded) return expectRefused(answer);
      expect((await answer).status).toBe(200);
      all.splice(all.indexOf(found), 1);
    } else if (verb === 'Stop') {
      if (!kind.isJob) return;
      const answer = api.call(`Stop${kind.noun}`, named);
      if (!found || found.hasEnded) return expectRefused(answer);
      expect((await answer).status).toBe(200);
      found.hasEnded = true;
    } else if (verb === 'List') await this.#list(call, api);
    else if (verb === 'Tag' || verb === 'Untag') {
      const owner = all.find((resource) => resource.name.toLowerCase() === name.toLowerCase());
      const change =
        verb === 'Tag'
          ? api.call('AddTags', { ResourceArn: arn, Tags: [{ Key: key, Value: name }] })
          : api.call('DeleteTags', { ResourceArn: arn, TagKeys: [key] });
      if (!owner) return expectRefused(change);
      expect((await change).status).toBe(200);
      if (verb === 'Tag') owner.tags.set(key, name);
      else owner.tags.delete(key);
      const tags = [...owner.tags].sort().map(([Key, Value]) => ({ Key, Value }));
      expect((await api.call('ListTags', { ResourceArn: arn })).body.Tags).toEqual(tags);
    }
  }

  async #list({ kind, maxResults }: Call, api: { call(operation: string, input: object): Promise<Answer> }) {
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const request = { MaxResults: maxResults, ...(NextToken !== undefined && { NextToken }) };
      const { status, body } = await api.call(`List${kind.noun}s`, request);
      expect(status).toBe(200);
      for (const summary of body[kind.summaries]) names.push(summary[`${kind.noun}Name`]);
      NextToken = body.NextToken;
    } while (NextToken !== undefined);
    const all = this.#resources.get(kind)!.map(({ name }) => name);
    expect(names).toEqual(kind.isOldestFirst ? all : all.toReversed());
  }
}
