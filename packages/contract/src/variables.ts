/** Values of variables by their rules; each error says the variable, its rule and its value. */
import { PlatformError } from './errors.js';

/** The value without blanks around it. One that is empty or blank counts as unset: launchers pass on what they were not given. */
export function textOf(variables: NodeJS.ProcessEnv, name: string): string | undefined {
  return variables[name]?.trim() || undefined;
}

export function readInteger(variables: NodeJS.ProcessEnv, name: string, low: number, high: number): number | undefined {
  const text = textOf(variables, name);
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new PlatformError(
    'E_ENVIRONMENT',
    `Variable ${name} must be an integer in [${low}, ${high}]; received "${text}".`,
  );
}

/** The service writes `true`, SDK local mode `True`. */
export function readFlag(variables: NodeJS.ProcessEnv, name: string): boolean {
  const text = textOf(variables, name) ?? '';
  if (/^(true|1)$/i.test(text)) return true;
  if (/^(false|0|)$/i.test(text)) return false;
  throw new PlatformError('E_ENVIRONMENT', `Variable ${name} must be true or false; received "${text}".`);
}

/** Those of this process, for what tests start. */
export function ownVariables(): NodeJS.ProcessEnv {
  return process.env;
}

/** Sets variables of this process, and so of those that it starts, and of libraries in C if this is the main thread. */
export function setVariables(variables: Readonly<Record<string, string>>): void {
  Object.assign(process.env, variables);
}
