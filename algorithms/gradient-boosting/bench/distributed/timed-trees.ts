/** Which trees of a training are timed, by the lines that it writes after each round. */
import type { Span } from '@algo/bench';

export const TREES = 34;

/** What is made once is made in the first trees. With the last one the model is saved. */
export const TREES_TIMED: Span = { from: 'round=4 ', to: 'round=32 ', rounds: 28 };

/** Of trainings that start at the same time and do not wait for each other: the slowest of them is timed while the others run. */
export const TREES_APART = 100;
export const TREES_TIMED_APART: Span = { from: 'round=20 ', to: 'round=48 ', rounds: 28 };
