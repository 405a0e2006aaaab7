/** Everything that the page knows. It changes only by actions (reduce.ts). */
import type { Row as AnyRow } from '../../../src/console/answers.js';
import type { Kind } from './kinds.js';

/** A resource of a kind that the console shows, as lists have it. */
export interface Row extends AnyRow {
  readonly kind: Kind;
}

/** JSON as Describe answers it. */
export type Members = Readonly<Record<string, unknown>>;

export type Detail =
  | { readonly status: 'ready'; readonly members: Members }
  | { readonly status: 'failed'; readonly message: string };

export interface LogLine {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
}

export interface MetricValue {
  /** Seconds since 1970. */
  readonly at: number;
  readonly value: number;
}

/** What a resource has printed so far. */
export interface Output {
  readonly lines: readonly LogLine[];
  /** Whether lines before these are not here. */
  readonly isCut: boolean;
  readonly metrics: Readonly<Record<string, readonly MetricValue[]>>;
  readonly lastLine: number;
  readonly lastValue: number;
}

export interface Notice {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

/** Of a list. */
export interface Filter {
  readonly text: string;
  /** Undefined: all. */
  readonly status: string | undefined;
  readonly sortBy: SortKey;
  readonly isDescending: boolean;
}

export type SortKey = 'name' | 'status' | 'source' | 'created' | 'duration';

export interface State {
  readonly connection: 'connecting' | 'live' | 'lost';
  /** Per kind, newest first. */
  readonly rows: Readonly<Partial<Record<Kind, readonly Row[]>>>;
  readonly details: Readonly<Record<string, Detail>>;
  readonly outputs: Readonly<Record<string, Output>>;
  /** Log streams that have grown, with a number that grows with each. */
  readonly logVersions: Readonly<Record<string, number>>;
  readonly filters: Readonly<Partial<Record<Kind, Filter>>>;
  /** Names of training jobs to compare, in the order of their choice. */
  readonly chosen: readonly string[];
  readonly notices: readonly Notice[];
}

export const INITIAL_STATE: State = {
  connection: 'connecting',
  rows: {},
  details: {},
  outputs: {},
  logVersions: {},
  filters: {},
  chosen: [],
  notices: [],
};

/** Newest first. */
export const NO_FILTER: Filter = { text: '', status: undefined, sortBy: 'created', isDescending: true };

export function keyOf(kind: Kind, name: string): string {
  return `${kind}/${name}`;
}

/** How operations are asked for it: a version of a model package has no name of its own. */
export function identifierOf({ kind, name, arn }: Row): string {
  return kind === 'model-package' ? arn : name;
}

export function findRow({ rows }: Pick<State, 'rows'>, kind: Kind, name: string): Row | undefined {
  return rows[kind]?.find((row) => row.name === name);
}
