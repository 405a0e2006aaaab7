/**
 * Cholesky's factor of a positive definite matrix and what is solved with it. Matrices are [n × n], row-major; of a factor
 * only the lower triangle counts.
 * @see Golub & Van Loan, Matrix Computations, 4th ed., sections 3.1 and 4.2
 */

export interface Factor {
  readonly size: number;
  /** L of A = L·Lᵀ, [n × n]. */
  readonly lower: Float64Array;
}

/** The factor of a matrix, of which the lower triangle is read; undefined where it is not positive definite in float64. */
export function factorize(matrix: Float64Array, size: number): Factor | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) rest -= lower[row * size + k]! * lower[column * size + k]!;
      if (column < row) lower[row * size + column] = rest / lower[column * size + column]!;
      else if (rest > 0) lower[row * size + row] = Math.sqrt(rest);
      else return undefined; // NaN comes here too
    }
  }
  return { size, lower };
}

/** x of L·x = b. */
export function solveLower({ lower, size }: Factor, b: Float64Array): Float64Array {
  const x = new Float64Array(size);
  for (let row = 0; row < size; row++) {
    let rest = b[row]!;
    for (let k = 0; k < row; k++) rest -= lower[row * size + k]! * x[k]!;
    x[row] = rest / lower[row * size + row]!;
  }
  return x;
}

/** x of Lᵀ·x = b. */
export function solveUpper({ lower, size }: Factor, b: Float64Array): Float64Array {
  const x = Float64Array.from(b);
  for (let row = size - 1; row >= 0; row--) {
    const value = x[row]! / lower[row * size + row]!;
    x[row] = value;
    for (let k = 0; k < row; k++) x[k] = x[k]! - lower[row * size + k]! * value;
  }
  return x;
}

/** x of A·x = b. */
export function solve(factor: Factor, b: Float64Array): Float64Array {
  return solveUpper(factor, solveLower(factor, b));
}

/** The lower triangle of A⁻¹, [n × n]. */
export function invert({ lower, size }: Factor): Float64Array {
  const inverse = invertLower(lower, size);
  // A⁻¹ = L⁻ᵀ·L⁻¹: row k of L⁻¹ adds the products of its elements.
  const product = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let row = 0; row <= k; row++) {
      const factor = inverse[k * size + row]!;
      for (let column = 0; column <= row; column++) {
        const at = row * size + column;
        product[at] = product[at]! + factor * inverse[k * size + column]!;
      }
    }
  }
  return product;
}

/** log det A. */
export function logDeterminant({ lower, size }: Factor): number {
  let sum = 0;
  for (let row = 0; row < size; row++) sum += Math.log(lower[row * size + row]!);
  return 2 * sum;
}

// --- internal ---

function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const diagonal = lower[row * size + row]!;
    for (let k = 0; k < row; k++) {
      const factor = lower[row * size + k]! / diagonal;
      for (let column = 0; column <= k; column++) {
        const at = row * size + column;
        inverse[at] = inverse[at]! - factor * inverse[k * size + column]!;
      }
    }
    inverse[row * size + row] = 1 / diagonal;
  }
  return inverse;
}
