/**
 * Cuts a shuffled table into folds, several times for each seed, and prints the rows of each as JSON [seed][fold][row]:
 *
 *   node folds.js TABLE.csv SEEDS TIMES FOLDS
 */
import { createRandom, permutation } from '@algo/numerics';
import { readTable } from './csv-table.js';

const [table, ...counts] = process.argv.slice(2);
const [seeds, times, folds] = counts.map(Number) as [number, number, number];
const { length } = readTable(table!);

function cut(seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: times }, () => {
    const order = Array.from(permutation(random, length));
    return Array.from({ length: folds }, (_, fold) => order.filter((_, index) => index % folds === fold));
  }).flat();
}

console.log(JSON.stringify(Array.from({ length: seeds }, (_, index) => cut(index + 1))));
