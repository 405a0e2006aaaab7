import { ClientError } from '@algo/contract';
import { createRandom } from '@algo/numerics';
import { describe, expect, it } from 'vitest';
import { readModel } from '../../src/model/index.js';
import { compilePredictor, walkMargins } from '../../src/predict/index.js';
import { storedCase } from './stored-cases.js';

const { json, ubjson, rows } = storedCase('categorical');
const text = json!.toString();

/** The message of the ClientError that reading gives. */
function refusal(content: Uint8Array | string): string {
  try {
    readModel(typeof content === 'string' ? Buffer.from(content) : content, 'model.bin');
  } catch (error) {
    if (error instanceof ClientError && error.code === 'E_MODEL') return error.message;
    throw error;
  }
  throw new Error('the model was read');
}

/** The model's JSON with the entries at the given paths below `learner` replaced; undefined removes one. */
function changed(changes: Readonly<Record<string, unknown>>): string {
  const model: { learner: object } = JSON.parse(text);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    const holder: object = keys.reduce<object>((object, key) => Reflect.get(object, key), model.learner);
    if (value !== undefined) Reflect.set(holder, last, value);
    else if (Array.isArray(holder)) holder.splice(Number(last), 1);
    else Reflect.deleteProperty(holder, last);
  }
  return JSON.stringify(model);
}

const TREES = 'gradient_booster.model.trees';

describe('readModel', () => {
  it.each([
    ['a pickle', Buffer.from('80049512000000', 'hex'), 'a Python pickle. Unpickle it'],
    ['a gzip file', Buffer.from('1f8b0800', 'hex'), 'a gzip file. Unpack it first'],
    [
      'the removed binary format',
      Buffer.from('binf\0\0\0\0'),
      'removed binary format. Load it with XGBoost 1.0 to 3.0',
    ],
    ['the headerless binary format', Buffer.from('0000003f06000000', 'hex'), 'booster.save_model("model.json")'],
    ["LightGBM's text", Buffer.from('tree\nversion=v4\n'), "LightGBM's text format"],
    ['a text dump', Buffer.from('booster[0]:\n0:[f0<1] yes=1'), 'a text dump'],
    ['a JSON dump', Buffer.from('[{"nodeid":0}]'), 'a JSON dump of an XGBoost model'],
    ['a JSON array', Buffer.from('[1]'), 'a JSON array, perhaps a dump'],
    ['a pointer of Git LFS', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'git lfs pull'],
    ['an empty file', Buffer.alloc(0), 'an empty file'],
  ])('rejects %s, with instructions', (_, content, message) => {
    expect(refusal(content)).toContain(message);
    expect(refusal(content)).toMatch(/^model\.bin must be an XGBoost model as JSON or UBJSON; received /);
  });

  it('rejects other JSON, naming its content', () => {
    expect(refusal('{"tree_info": [], "objective": "binary"}')).toBe(
      'model.bin: this is not an XGBoost model: it has no "learner"; the top level has tree_info, objective.',
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a missing array', { [`${TREES}.1.left_children`]: undefined }, '.trees[1].left_children is missing'],
    ['an array that is too short', { [`${TREES}.0.sum_hessian.0`]: undefined }, '.trees[0].sum_hessian must have'],
    [
      'a child out of range',
      { [`${TREES}.0.left_children.0`]: 99 },
      '.trees[0].left_children[0] must be an integer in [-1,',
    ],
    ['a loop', { [`${TREES}.0.left_children.1`]: 0 }, 'two nodes without another parent'],
    ['a node with two parents', { [`${TREES}.0.left_children.1`]: 2 }, 'two nodes without another parent'],
    [
      'a feature out of range',
      { [`${TREES}.0.split_indices.0`]: 6 },
      "must be below the model's 6 features; received 6",
    ],
    ['a threshold in words', { [`${TREES}.0.split_conditions.2`]: 'x' }, '[2] must be a number; received "x"'],
    ['a group out of range', { 'gradient_booster.model.tree_info.2': 1 }, '.tree_info[2] must be an integer in [0, 0]'],
    ['too few trees', { 'gradient_booster.model.gbtree_model_param.num_trees': '9' }, '.trees must have 9 entries'],
    ['rounds out of order', { 'gradient_booster.model.iteration_indptr': [0, 3, 2, 4] }, 'must ascend from 0'],
    [
      'an unknown objective',
      { 'objective.name': 'reg:cubed' },
      'learner.objective.name must be one of reg:squarederror',
    ],
    ['an unknown booster', { 'gradient_booster.name': 'forest' }, 'or "gblinear"; received "forest"'],
    ['a base score in words', { 'learner_model_param.base_score': '[abc]' }, 'base_score must be a finite number'],
    ['two base scores', { 'learner_model_param.base_score': '[1E0,2E0]' }, 'base_score must have 1 or 1 values'],
    ['names for some features', { feature_names: ['a'] }, 'learner.feature_names must have 6 entries or none'],
    [
      'more features than a row can have',
      { 'learner_model_param.num_feature': '2147483647' },
      'num_feature must be an integer in [1, 16777216]; received "2147483647"',
    ],
    [
      'category sets that share their entries, which would make much of a small file',
      {
        [`${TREES}.0.split_type.0`]: 1,
        [`${TREES}.0.categories`]: [1, 2, 3],
        [`${TREES}.0.categories_nodes`]: [0, 1],
        [`${TREES}.0.categories_segments`]: [0, 0],
        [`${TREES}.0.categories_sizes`]: [3, 3],
      },
      '.trees[0].categories_sizes must sum to at most the 3 entries of categories',
    ],
    [
      'vectors in leaves of another size than the outputs',
      { [`${TREES}.0.tree_param.size_leaf_vector`]: '100000' },
      'size_leaf_vector must be 1, or the model\'s number of outputs, 1; received "100000"',
    ],
  ])('rejects %s, naming the place in the file', (_, changes, message) => {
    expect(refusal(changed(changes))).toContain(message);
  });

  it('reads the format before XGBoost 3.1: a scalar base score, booleans, and no rounds', () => {
    const { learner } = JSON.parse(text);
    const trees: { default_left: number[] }[] = learner.gradient_booster.model.trees;
    const old = changed({
      'learner_model_param.base_score': learner.learner_model_param.base_score.slice(1, -1),
      'learner_model_param.num_target': undefined,
      'gradient_booster.model.iteration_indptr': undefined,
      'gradient_booster.model.cats': undefined,
      'gradient_booster.model.gbtree_model_param.num_parallel_tree': undefined,
      feature_types: undefined,
      ...Object.fromEntries(
        trees.map((tree, index) => [`${TREES}.${index}.default_left`, tree.default_left.map(Boolean)]),
      ),
    });

    const { featureTypes: _, ...expected } = readModel(ubjson);

    expect(readModel(Buffer.from(old))).toEqual(expected);
  });

  it('reads a model inside a booster snapshot', () => {
    const snapshot = `{"Config": {}, "Model": ${text}}`;

    expect(readModel(Buffer.from(snapshot))).toEqual(readModel(ubjson));
  });

  it('reports where a truncated file ends, for every length', () => {
    for (let length = 0; length < ubjson.length; length += 37)
      expect(refusal(ubjson.subarray(0, length))).toContain('model.bin');
    for (let length = 0; length < text.length; length += 211)
      expect(refusal(text.slice(0, length))).toContain('model.bin');
    expect(refusal(ubjson.subarray(0, -1))).toMatch(
      /the UBJSON ends early: 1 more bytes must follow byte \d+; received 0/,
    );
  });

  it('either refuses a file with flipped bits or returns a model whose predictions finish', () => {
    const random = createRandom(11).uniform;
    let refused = 0;
    for (let trial = 0; trial < 1500; trial++) {
      const bytes = Buffer.from(trial % 3 === 0 ? json! : ubjson);
      const flips = 1 + Math.floor(random() * 3);
      for (let flip = 0; flip < flips; flip++)
        bytes[Math.floor(random() * bytes.length)]! ^= 1 << Math.floor(random() * 8);
      try {
        const model = readModel(bytes, 'model.bin');
        if (model.booster === 'gblinear' || model.featureCount !== 6) continue;
        expect(compilePredictor(model).margins(rows)).toEqual(walkMargins(model, rows));
      } catch (error) {
        if (!(error instanceof ClientError)) throw error;
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  it('refuses category names that are nested too deep', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const model = changed({ 'gradient_booster.model.cats': { enc: ['DEEP'] } }).replace('"DEEP"', deep);

    expect(refusal(model)).toContain('gradient_booster.model.cats must be nested at most 64 levels deep');
  });

  it.each([
    ['a string of quotes that does not end', `{"learner":"${'\\"'.repeat(500_000)}`],
    ['a string that ends in backslashes', `{"learner":"${'\\"'.repeat(500_000)}\\`],
    ['a long string and then invalid JSON', `{"learner":"${'x'.repeat(20_000_000)}",NaNa}`],
    ['many strings', `{${'"a":"b",'.repeat(300_000)}`],
    ['arrays nested without end', `{"learner":${'['.repeat(1_000_000)}`],
  ])('refuses JSON with %s in one pass', (_, content) => {
    expect(refusal(content)).toMatch(/not valid JSON|learner must be an object/);
  });

  it('reads NaN and Infinity as XGBoost writes them, but not inside strings', () => {
    const names = ['NaN', 'a "NaN" b', 'inf\\', '-Infinity', 'x', 'y'];
    const model = changed({ feature_names: names, [`${TREES}.0.loss_changes.0`]: 'HERE' }).replace('"HERE"', 'NaN');

    expect(readModel(Buffer.from(model)).featureNames).toEqual(names);
  });

  it('refuses UBJSON that announces more data than the file has, without allocating it', () => {
    const asksForMuch = Buffer.from('7b4c000000000000000161' + '5b2464234c00007fffffffffff', 'hex');
    const nested = Buffer.concat([Buffer.from('7b4c000000000000000161', 'hex'), Buffer.alloc(500, '[')]);
    const hollow = Buffer.from('7b4c000000000000000161' + '5b245a234c000000007fffffff', 'hex');

    expect(refusal(asksForMuch)).toContain('damaged at byte');
    expect(refusal(nested)).toContain('at most 64 nested containers');
    expect(refusal(hollow)).toContain('damaged at byte');
  });
});
