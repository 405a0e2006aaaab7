/**
 * What the programs of all hosts must have in common: hosts with other programs or hyperparameters would make different calls
 * of MPI, and wait for ever, or train a model that nobody has asked for.
 */
import { createHash } from 'node:crypto';

/** Sent to the other hosts. */
export interface ProgramFacts {
  /** `gradient-boosting 1.0.0`. */
  readonly algorithm: string;
  /** As received; of long ones their beginning and a digest. */
  readonly hyperparameters: Readonly<Record<string, string>>;
}

/** @param hyperparameters as received, those of files too */
export function programFacts(
  { name, version }: { readonly name: string; readonly version: string },
  hyperparameters: Readonly<Record<string, string>>,
): ProgramFacts {
  const texts = Object.entries(hyperparameters).map(([key, value]) => [key, shortened(value)]);
  return { algorithm: `${name} ${version}`, hyperparameters: Object.fromEntries(texts) };
}

/** The first difference between the programs of two hosts, as a sentence with both; undefined: there is none. */
export function differenceOf(
  [host, facts]: readonly [string, ProgramFacts],
  [other, otherFacts]: readonly [string, ProgramFacts],
): string | undefined {
  if (facts.algorithm !== otherFacts.algorithm) {
    return `The hosts of a job must run the same program: it is ${facts.algorithm} on ${host}, and ${otherFacts.algorithm} on ${other}.`;
  }
  const [values, others] = [facts, otherFacts].map(({ hyperparameters }) => new Map(Object.entries(hyperparameters)));
  const name = [...values!.keys(), ...others!.keys()].find((key) => values!.get(key) !== others!.get(key));
  if (name === undefined) return undefined;
  return `The hosts of a job must have the same hyperparameters: "${name}" is ${shown(values!.get(name))} on ${host}, and ${shown(others!.get(name))} on ${other}.`;
}

// --- internal ---

/** All values of a job go into one message. */
const LONGEST_VALUE = 100;

function shortened(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  const digest = createHash('sha256').update(value).digest('hex');
  return `${value.slice(0, LONGEST_VALUE / 2)}… (${value.length} characters, SHA-256 ${digest.slice(0, 16)})`;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'not set' : `"${value}"`;
}
