/** Hyperparameters as a job would get them, without a job. */
import type { z } from 'zod';
import type { HyperparameterRules } from '../declaration.js';
import { parseHyperparameters } from '../hyperparameters/parse.js';

type Parsed = Parameters<typeof parseHyperparameters>[0];

export interface ReadHyperparameters<S extends z.ZodObject> {
  readonly values: z.output<S>;
  /** What the log would warn of, one sentence each. */
  readonly warnings: readonly string[];
}

/** The part of a declaration that hyperparameters are read by. */
export interface HyperparameterDeclaration<S extends z.ZodObject> extends HyperparameterRules<S> {
  readonly hyperparameters: S;
  loadHyperparameterRules?(): Promise<HyperparameterRules<S>>;
  readonly hyperparameterAliases?: Readonly<Record<string, string>>;
}

/**
 * @param rules what `loadHyperparameterRules` of the declaration loads, if it has that
 * @throws ClientError E_HYPERPARAMETER, as a job with these texts fails; RangeError without the rules that a job would load
 */
export function readHyperparameters<S extends z.ZodObject>(
  declaration: HyperparameterDeclaration<S>,
  given: Readonly<Record<string, string>>,
  rules?: HyperparameterRules<S>,
): ReadHyperparameters<S> {
  if (declaration.loadHyperparameterRules && !rules) {
    throw new RangeError('The rules that a job loads must be given: await definition.loadHyperparameterRules().');
  }
  const warnings: string[] = [];
  const warn = (sentence: string) => warnings.push(sentence);
  const values = parseHyperparameters(declaration as Parsed, given, warn, { rules: rules as HyperparameterRules });
  return { values: values as z.output<S>, warnings };
}
