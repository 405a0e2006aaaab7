/** The part of ml-regression 6 used here; the package brings no types. */
declare module 'ml-regression' {
  export class TheilSenRegression {
    constructor(x: readonly number[], y: readonly number[]);
    readonly slope: number;
    readonly intercept: number;
  }
  /** `size` is the number of coefficients, one more than the degree. */
  export class RobustPolynomialRegression {
    constructor(x: readonly number[], y: readonly number[], size: number);
    readonly coefficients: readonly number[];
  }
  export class PolynomialRegression {
    constructor(
      x: readonly number[],
      y: readonly number[],
      degree: number,
      options?: { readonly interceptAtZero?: boolean },
    );
    readonly powers: readonly number[];
    readonly coefficients: readonly number[];
  }
  /** y = B · e^(A x) */
  export class ExponentialRegression {
    constructor(x: readonly number[], y: readonly number[]);
    readonly A: number;
    readonly B: number;
  }
  /** y = A · x^B */
  export class PowerRegression {
    constructor(x: readonly number[], y: readonly number[]);
    readonly A: number;
    readonly B: number;
  }
}
