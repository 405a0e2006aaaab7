/**
 * The API against a reference that keeps resources in lists: random calls, each of whose answers the reference foretells. Jobs
 * never begin (concurrency 0), so nothing but requests changes a state.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { KINDS, type Kind, type Request } from './resource-kinds.js';
import type { Answer } from './scene.js';

const VERBS = ['Create', 'Describe', 'Remove', 'Stop', 'List', 'Tag', 'Untag', 'Restart'] as const;

/** One call: what it does, to which kind, with which name and tag. */
export const calls = fc.record({
  verb: fc.oneof(
    { weight: 3, arbitrary: fc.constant('Create' as const) },
    { weight: 7, arbitrary: fc.constantFrom(...VERBS) },
  ),
  kind: fc.constantFrom(...KINDS),
  name: fc.nat(4),
  key: fc.constantFrom('k', 'l'),
  limit: fc.integer({ min: 1, max: 4 }),
});

type RandomCall = typeof calls extends fc.Arbitrary<infer T> ? T : never;

interface Resource {
  readonly name: string;
  readonly tags: Map<string, string>;
  hasEnded: boolean;
}

export type Ask = (target: string, input: object) => Promise<Answer>;

/** What the API should know. */
export class Reference {
  readonly #resources = new Map<Kind, Resource[]>(KINDS.map((kind) => [kind, []]));

  /** Makes the call of the API, and compares its answer with what should be. */
  async make({ verb, kind, name: index, key, limit }: RandomCall, ask: Ask): Promise<void> {
    const all = this.#resources.get(kind)!;
    const name = kind.names[index]!;
    const found = all.find((resource) => resource.name === name);
    const ofArn = all.find((resource) => kind.arnOf(resource.name) === kind.arnOf(name));
    /** The answer, where there is to be one; otherwise it must be refused. */
    const answerIf = async (isRight: boolean, [target, input]: Request): Promise<Answer | undefined> => {
      const answer = await ask(target, input);
      expect([target, answer.status, answer.body]).toEqual([target, isRight ? 200 : 400, answer.body]);
      return isRight ? answer : undefined;
    };
    switch (verb) {
      case 'Create': {
        if (await answerIf(ofArn === undefined, kind.create(name))) {
          all.push({ name, tags: new Map(), hasEnded: kind.stop === undefined });
        }
        break;
      }
      case 'Describe': {
        const answer = await answerIf(found !== undefined, kind.describe(name));
        if (answer) expect(answer.body).toMatchObject(kind.described(name, found!.hasEnded));
        break;
      }
      case 'Remove':
        if (await answerIf(found?.hasEnded ?? false, kind.remove(name))) all.splice(all.indexOf(found!), 1);
        break;
      case 'Stop':
        if (kind.stop && (await answerIf(found?.hasEnded === false, kind.stop(name)))) found!.hasEnded = true;
        break;
      case 'List':
        expect(await namesIn(kind, limit, ask)).toEqual(inOrder(kind, all));
        break;
      case 'Tag':
      case 'Untag': {
        if (!kind.tags) break;
        const arn = kind.arnOf(name);
        const request = verb === 'Tag' ? kind.tags.add(arn, { Key: key, Value: name }) : kind.tags.remove(arn, key);
        if (!(await answerIf(ofArn !== undefined, request))) break;
        if (verb === 'Tag') ofArn!.tags.set(key, name);
        else ofArn!.tags.delete(key);
        const tags = await answerIf(true, kind.tags.list(arn));
        expect(kind.tags.listed(tags!.body)).toEqual([...ofArn!.tags].sort().map(([Key, Value]) => ({ Key, Value })));
      }
    }
  }
}

// --- internal ---

/** Of all pages. */
async function namesIn(kind: Kind, limit: number, ask: Ask): Promise<readonly string[]> {
  const names: string[] = [];
  let next: string | undefined;
  do {
    const { status, body } = await ask(...kind.list(limit, next));
    expect([status, body]).toEqual([200, body]);
    const page = kind.listed(body);
    names.push(...page.names);
    next = page.token;
  } while (next !== undefined);
  return names;
}

function inOrder({ order }: Kind, resources: readonly Resource[]): readonly string[] {
  const names = resources.map(({ name }) => name);
  if (order === 'name') return names.sort();
  return order === 'newest first' ? names.reverse() : names;
}
