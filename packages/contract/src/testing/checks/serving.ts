/** Checks of serving, whatever the payloads: own inputs and answers, content types that are not declared, and the model. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Algorithm } from '../../algorithm.js';
import { openModel } from '../../model/open.js';
import { type InvokeRequest, invocationsOf } from '../invoke.js';
import { type Check, type CheckOptions, type SharedModel, servedBy } from './check.js';
import { parseRows, requestOf, writableInputs } from './rows.js';

export function servingChecks(
  algorithm: Algorithm,
  { payloads = {}, rows }: Pick<CheckOptions, 'payloads' | 'rows'>,
  model: SharedModel,
): Check[] {
  const samples: InvokeRequest[] = Object.entries(payloads).map(([contentType, body]) => ({ contentType, body }));
  const [rowType] = writableInputs(algorithm);
  if (rowType !== undefined && rows !== undefined) samples.push(requestOf(rowType, parseRows(rows)));
  const [sample] = samples;
  if (!sample) throw new Error('checkAlgorithm: there must be sample requests: rows, or payloads by media type.');
  const served = servedBy(algorithm, model);
  const own = Object.keys(algorithm.inputs);
  const jsonInputs = Object.entries(algorithm.inputs).filter(([, input]) => 'schema' in input);

  const checks: (Check | undefined)[] = [
    own.length === 0
      ? undefined
      : {
          title: 'a sample payload of an own input is answered in every declared type, the same each time',
          run: served(async (invoke) => {
            const sampled = own.filter((type) => Object.hasOwn(payloads, type));
            assert.ok(sampled.length > 0, `the option payloads must have a body of type ${own.join(' or ')}`);
            for (const contentType of sampled) {
              for (const accept of [...algorithm.contentTypes.output, ...Object.keys(algorithm.answers)]) {
                const request = { contentType, accept, body: payloads[contentType]! };
                const first = await invoke(request);
                assert.equal(first.status, 200, `${contentType} → ${accept}: ${first.body}`);
                assert.deepEqual((await invoke(request)).bytes, first.bytes, `${contentType} → ${accept} differs`);
              }
            }
          }),
        },
    jsonInputs.length === 0
      ? undefined
      : {
          title: 'a body that is no JSON is refused where an own input is JSON',
          run: served(async (invoke) => {
            for (const [contentType] of jsonInputs) {
              assert.equal((await invoke({ contentType, body: '{' })).status, 400, contentType);
            }
          }),
        },
    {
      title: 'a content type that is not declared is refused with 415, an answer type with 406',
      run: served(async (invoke) => {
        const unknown = 'application/x-no-such-type';
        assert.equal((await invoke({ ...sample, contentType: unknown })).status, 415);
        assert.equal((await invoke({ ...sample, accept: unknown })).status, 406);
      }),
    },
    algorithm.train && {
      title: 'a model of another algorithm is refused',
      run: () =>
        model.withRoot(async ({ paths }) => {
          assert.throws(() => openModel(paths.model, { ...algorithm, name: 'another-one' }), /algorithm must/);
        }),
    },
    algorithm.train && {
      title: 'a model whose file was changed is refused, naming the file',
      run: () =>
        model.withRoot(async (root) => {
          const [name] = openModel(root.paths.model, algorithm).names;
          assert.ok(name !== undefined, 'the model has no file');
          rmSync(join(root.paths.model, name));
          root.write(`model/${name}`, 'damaged');
          await assert.rejects(
            invocationsOf(algorithm, root),
            (error: Error) => error.message.includes(name),
            'a changed model is served',
          );
        }),
    },
  ];
  return checks.filter((check) => check !== undefined);
}
