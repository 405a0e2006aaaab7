/**
 * Minimizes a smooth function within bounds: L-BFGS on the variables that are not held by a bound, with steps that are
 * projected onto the box and shortened until Armijo's condition holds.
 * @see Nocedal & Wright 2006, Numerical Optimization, 2nd ed., algorithms 7.4 and 3.1; Bertsekas 1982 for the projection
 */

/** Value and gradient. A value that is not finite marks a place where the function has none. */
export type Objective = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

export interface MinimizeOptions {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly maxIterations: number;
  /** Ends where no component of the projected gradient is larger. */
  readonly tolerance: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
}

/** Pairs of steps and gradient changes that are kept. */
const MEMORY = 10;
const SUFFICIENT_DECREASE = 1e-4;
const MAX_HALVINGS = 20;

/** A local minimum reached from a start within the bounds, never worse than the start. */
export function minimize(objective: Objective, start: Float64Array, options: MinimizeOptions): Minimum {
  let x = Float64Array.from(start);
  let { value, gradient } = objective(x);
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < options.maxIterations && Number.isFinite(value); iteration++) {
    const free = Array.from(x, (xi, i) => !isHeld(xi, gradient[i]!, options.lower[i]!, options.upper[i]!));
    if (free.every((isFree, i) => !isFree || Math.abs(gradient[i]!) <= options.tolerance)) break;
    const direction = searchDirection(gradient, pairs, free);
    const next = searchLine(objective, { x, value, gradient, direction }, iteration === 0, options);
    if (next === undefined) {
      if (pairs.length === 0) break;
      pairs.length = 0; // The curvature may be out of date: once more along the gradient.
      continue;
    }
    remember(pairs, x, gradient, next);
    ({ x, value, gradient } = next);
  }
  return { x, value };
}

// --- internal ---

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly product: number;
}

interface Place {
  readonly x: Float64Array<ArrayBuffer>;
  readonly value: number;
  readonly gradient: Float64Array;
}

function isHeld(x: number, slope: number, lower: number, upper: number): boolean {
  return (x <= lower && slope > 0) || (x >= upper && slope < 0);
}

/** The two-loop recursion, on free variables; 0 for the others. */
function searchDirection(gradient: Float64Array, pairs: readonly Pair[], free: readonly boolean[]): Float64Array {
  const q = gradient.map((slope, i) => (free[i] ? slope : 0));
  const factors = new Float64Array(pairs.length);
  for (let p = pairs.length - 1; p >= 0; p--) {
    const { step, change, product } = pairs[p]!;
    factors[p] = dot(step, q) / product;
    add(q, change, -factors[p]!);
  }
  const last = pairs.at(-1);
  if (last) scale(q, last.product / dot(last.change, last.change));
  for (const [p, { step, change, product }] of pairs.entries()) add(q, step, factors[p]! - dot(change, q) / product);
  const direction = q.map((component, i) => (free[i] ? -component : 0));
  return dot(direction, gradient) < 0 ? direction : gradient.map((slope, i) => (free[i] ? -slope : 0));
}

function searchLine(
  objective: Objective,
  from: Place & { readonly direction: Float64Array },
  isFirst: boolean,
  { lower, upper }: MinimizeOptions,
): Place | undefined {
  // Without curvature the gradient's length says nothing about the step's: begin with a step of length 1 or less.
  let length = isFirst ? Math.min(1, 1 / Math.sqrt(dot(from.direction, from.direction))) : 1;
  for (let halving = 0; halving < MAX_HALVINGS; halving++, length /= 2) {
    const x = from.x.map((xi, i) => Math.min(upper[i]!, Math.max(lower[i]!, xi + length * from.direction[i]!)));
    const decrease = x.reduce((sum, xi, i) => sum + from.gradient[i]! * (xi - from.x[i]!), 0);
    if (decrease === 0) return undefined;
    const { value, gradient } = objective(x);
    if (value <= from.value + SUFFICIENT_DECREASE * decrease) return { x, value, gradient };
  }
  return undefined;
}

function remember(pairs: Pair[], x: Float64Array, gradient: Float64Array, next: Place): void {
  const step = next.x.map((xi, i) => xi - x[i]!);
  const change = next.gradient.map((slope, i) => slope - gradient[i]!);
  const product = dot(step, change);
  // Only positive curvature keeps the approximation positive definite.
  if (product <= Number.EPSILON * dot(change, change)) return;
  pairs.push({ step, change, product });
  if (pairs.length > MEMORY) pairs.shift();
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, vector: Float64Array, factor: number): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + factor * vector[i]!;
}

function scale(vector: Float64Array, factor: number): void {
  for (let i = 0; i < vector.length; i++) vector[i] = vector[i]! * factor;
}
