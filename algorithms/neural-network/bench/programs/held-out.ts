/**
 * Runs training jobs of the algorithm, each on the rows outside one fold, and prints the quality that each seed reached on
 * the folds, as JSON [{ measure, jobSeconds }] by seed:
 *
 *   node held-out.js TABLE.csv FOLDS.json HYPERPARAMETERS-AS-JSON MEASURE
 *
 * The fold is the validation channel, which without early stopping is only measured: after the last epoch, by the job.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HISTORY_FILE, type HistoryEntry } from '@algo/contract';
import { runTraining } from '@algo/contract/testing';
import { neuralNetwork } from '../../src/algorithm.js';
import { readTable } from './csv-table.js';

const [table, foldsFile, hyperparameterText, measure] = process.argv.slice(2);
const rows = readTable(table!);
const folds: number[][][] = JSON.parse(readFileSync(foldsFile!, 'utf8'));
const hyperparameters: Record<string, string> = JSON.parse(hyperparameterText!);

const samples = [];
for (const [index, ofSeed] of folds.entries()) {
  const values: number[] = [];
  const started = performance.now();
  for (const [fold, heldOut] of ofSeed.entries()) {
    values.push(await trainAndMeasure(new Set(heldOut), ofSeed.length * index + fold));
  }
  const jobSeconds = (performance.now() - started) / 1000 / ofSeed.length;
  samples.push({ [measure!]: mean(values), jobSeconds });
}
console.log(JSON.stringify(samples));
process.exit(0);

/** The held-out rows' measure after the last epoch. */
async function trainAndMeasure(heldOut: ReadonlySet<number>, seed: number): Promise<number> {
  const part = (isHeldOut: boolean) => ({
    'rows.csv': rows.filter((_, row) => heldOut.has(row) === isHeldOut).join('\n'),
  });
  const { root, failure } = await runTraining(neuralNetwork, {
    hyperparameters: { ...hyperparameters, seed: String(seed) },
    channels: { train: part(false), validation: part(true) },
  });
  try {
    if (failure !== undefined) throw new Error(failure);
    const history: HistoryEntry[] = JSON.parse(readFileSync(join(root.paths.outputData, HISTORY_FILE), 'utf8'));
    return history.at(-1)![`validation:${measure}`]!;
  } finally {
    root.remove();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
