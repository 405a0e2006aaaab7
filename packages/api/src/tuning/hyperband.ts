/**
 * Hyperband: brackets of random configurations, which share a budget in different ways. In a bracket all jobs start, and
 * at each rung, a number of epochs, only the best 1/η of them continue. Running training jobs cannot wait for the rest of
 * their bracket, so a job is judged among those that have reached the rung so far, and again whenever another does: once
 * all have, exactly the published number of jobs is left.
 * @see Li, Jamieson, DeSalvo, Rostamizadeh & Talwalkar 2018, Hyperband, JMLR 18(185), algorithm 1 and table 1
 * @see Li et al. 2020, A System for Massively Parallel Hyperparameter Tuning, for judging before all have arrived
 */
import type { HyperbandResources } from './hyperband-resources.js';
import { type ObjectiveType, signOf, type Trial } from './trial.js';

export interface Rung {
  /** Epochs after which jobs are judged. */
  readonly resource: number;
  /** Jobs that are meant to reach it. */
  readonly jobs: number;
  /** Jobs that continue. */
  readonly survivors: number;
}

/** One bracket: its first rung starts `jobs` jobs, its last has the maximal resource and no survivors. */
export type Bracket = readonly Rung[];

/** η, the paper's default. */
const REDUCTION = 3;

/** The brackets of one pass, in the order in which they run: the one that stops most jobs is first. */
export function hyperbandBrackets({ min, max }: HyperbandResources): Bracket[] {
  const rounds = largestPower(max / min);
  return Array.from({ length: rounds + 1 }, (_, position) => {
    const halvings = rounds - position;
    const jobs = Math.ceil(((rounds + 1) / (halvings + 1)) * REDUCTION ** halvings);
    return Array.from({ length: halvings + 1 }, (_, i) => {
      const remaining = Math.floor(jobs / REDUCTION ** i);
      return {
        resource: Math.max(min, Math.round(max / REDUCTION ** (halvings - i))),
        jobs: remaining,
        survivors: i < halvings ? Math.floor(jobs / REDUCTION ** (i + 1)) : 0,
      };
    });
  });
}

/**
 * Indexes of running jobs that Hyperband stops now.
 * @param trials all jobs in the order of their start, which decides the bracket of each
 */
export function stopByHyperband(
  resources: HyperbandResources,
  objective: ObjectiveType,
  trials: readonly Trial[],
): number[] {
  const brackets = assignBrackets(hyperbandBrackets(resources), trials.length);
  return brackets.flatMap(({ bracket, first, last }) => {
    const members = trials.slice(first, last).map((trial, i) => ({ trial, index: first + i }));
    const stopped = members.filter(
      ({ trial }) => trial.status === 'InProgress' && bracket.some((rung) => isBeaten(rung, objective, trial, members)),
    );
    return stopped.map(({ index }) => index);
  });
}

// --- internal ---

interface Member {
  readonly trial: Trial;
  readonly index: number;
}

/** The largest s with η^s ≤ ratio, without the rounding of logarithms. */
function largestPower(ratio: number): number {
  let power = 0;
  while (REDUCTION ** (power + 1) <= ratio) power++;
  return power;
}

/** Which jobs are in which bracket; after the last bracket the first follows again. */
function assignBrackets(
  brackets: readonly Bracket[],
  jobs: number,
): { readonly bracket: Bracket; readonly first: number; readonly last: number }[] {
  const assigned: { bracket: Bracket; first: number; last: number }[] = [];
  for (let first = 0, position = 0; first < jobs; position++) {
    const bracket = brackets[position % brackets.length]!;
    const last = Math.min(jobs, first + bracket[0]!.jobs);
    assigned.push({ bracket, first, last });
    first = last;
  }
  return assigned;
}

/** Whether a job that has reached the rung is not among those that continue from it. */
function isBeaten(rung: Rung, objective: ObjectiveType, trial: Trial, members: readonly Member[]): boolean {
  const own = valueAt(trial, rung.resource);
  if (own === undefined) return false;
  if (rung.survivors === 0) return true;
  const sign = signOf(objective);
  const reached = members.flatMap(({ trial: other }) => valueAt(other, rung.resource) ?? []);
  const better = reached.filter((value) => sign * value < sign * own || (Number.isNaN(own) && !Number.isNaN(value)));
  return better.length >= Math.ceil((reached.length * rung.survivors) / rung.jobs);
}

/** The metric after this many epochs; a job that was complete before keeps its last value. */
function valueAt({ measurements = [], status }: Trial, resource: number): number | undefined {
  const hasValue = measurements.length >= resource || (status === 'Completed' && measurements.length > 0);
  return hasValue ? measurements[Math.min(resource, measurements.length) - 1] : undefined;
}
