/**
 * Runs a tuning job of 40 training jobs, one after the other, and prints the best objective and the seconds:
 *
 *   node tune.js branin|hartmann6|COMMAND-AS-JSON RANGES-AS-JSON STRATEGY SEED
 *
 * A command gets the hyperparameters as JSON as its last argument and prints the objective.
 */
import { execFileSync } from 'node:child_process';
import type { Hyperparameters } from '../../src/tuning/search-space.js';
import type { Strategy } from '../../src/tuning/tuning-plan.js';
import { branin, hartmann6, objectiveOf } from '../../test/tuning/support/test-functions.js';
import { tune } from '../../test/tuning/support/tune.js';

const JOBS = 40;
const [task, ranges, strategy, seed] = process.argv.slice(2);
const start = performance.now();
const best = tune({
  ranges: JSON.parse(ranges!),
  objective: objectiveNamed(task!),
  strategy: strategy as Strategy,
  ...{ seed: Number(seed), jobs: JOBS },
});
console.log(JSON.stringify({ best, seconds: (performance.now() - start) / 1000 }));

function objectiveNamed(name: string): (values: Hyperparameters) => number {
  if (name === 'branin') return objectiveOf(branin);
  if (name === 'hartmann6') return objectiveOf(hartmann6);
  const [command, ...args]: string[] = JSON.parse(name);
  return (values) => Number(execFileSync(command!, [...args, JSON.stringify(values)], { encoding: 'utf8' }));
}
