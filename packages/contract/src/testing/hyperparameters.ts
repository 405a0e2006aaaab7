/** Hyperparameters as a job would get them, without a job. */
import type { z } from 'zod';
import { parseHyperparameters } from '../hyperparameters/parse.js';

type Parsed = Parameters<typeof parseHyperparameters>[0];

export interface ReadHyperparameters<S extends z.ZodObject> {
  readonly values: z.output<S>;
  /** What the log would warn of, one sentence each. */
  readonly warnings: readonly string[];
}

/** The part of a declaration that hyperparameters are read by. */
export interface HyperparameterDeclaration<S extends z.ZodObject> {
  readonly hyperparameters: S;
  checkHyperparameters?(values: z.output<S>): readonly string[];
  hyperparameterWarnings?(values: z.output<S>): readonly string[];
  readonly hyperparameterAliases?: Readonly<Record<string, string>>;
}

/** @throws ClientError E_HYPERPARAMETER, as a job with these texts fails */
export function readHyperparameters<S extends z.ZodObject>(
  declaration: HyperparameterDeclaration<S>,
  given: Readonly<Record<string, string>>,
): ReadHyperparameters<S> {
  const warnings: string[] = [];
  const values = parseHyperparameters(declaration as Parsed, given, (sentence) => warnings.push(sentence));
  return { values: values as z.output<S>, warnings };
}
