import { createRequire } from 'node:module';
import { checkAlgorithm, openSample } from '@algo/contract/testing';
import { describe, expect, it } from 'vitest';
import { neuralNetwork } from '../src/algorithm.js';

const { folder, hyperparameters } = openSample(new URL('../../../sample-data/neural-network/', import.meta.url));
const digits = { train: folder('train'), validation: folder('validation') };

/** A backend on which a row's bits do not depend on other rows, so that the suite may compare exactly. */
const onWasm: typeof neuralNetwork = {
  ...neuralNetwork,
  load: (context) => {
    const variables = { ...context.environment.variables, ALGO_BACKEND: 'wasm' };
    return neuralNetwork.load({ ...context, environment: { ...context.environment, variables } });
  },
};

it('imported by the name of its package, it is the definition, and runs nothing', () => {
  const built: unknown = createRequire(import.meta.url)('@algo/neural-network'); // as Node reads it, without Vite

  expect(built).toMatchObject({ neuralNetwork: { name: 'neural-network', train: expect.any(Function) } });
});

describe('the shared rules of algorithms', () => {
  checkAlgorithm(onWasm, {
    test: it,
    // Fewer epochs than the profile has: the suite runs some twenty jobs.
    job: { hyperparameters: { ...hyperparameters, epochs: '4', backend: 'wasm' }, channels: digits },
    rows: Object.values(folder('inference/batch'))[0]!.toString().split('\n').slice(0, 4).join('\n'),
    payloads: { 'image/png': folder('inference/real-time')['11.png']! },
    metrics: { 'validation:accuracy': { atLeast: 0.9 }, 'validation:loss': { atMost: 0.3 } },
  });
});
