/**
 * What the programs of all hosts must have in common: hosts with other programs, hyperparameters or configurations would make
 * different calls of MPI, and wait for ever, or train a model that nobody has asked for.
 */
import { createHash } from 'node:crypto';
import type { Environment } from '../environment.js';

/** Sent to the other hosts. */
export interface ProgramFacts {
  /** `gradient-boosting 1.0.0`. */
  readonly algorithm: string;
  /** As received; of long ones their beginning and a digest. */
  readonly hyperparameters: Readonly<Record<string, string>>;
  /** What the files of input/config say, by the name that a message has for it. */
  readonly settings: Readonly<Record<string, string>>;
}

/** @param hyperparameters as received, those of files too */
export function programFacts(
  { name, version }: { readonly name: string; readonly version: string },
  hyperparameters: Readonly<Record<string, string>>,
  environment: Pick<Environment, 'resourceConfig' | 'inputDataConfig' | 'checkpointPath'>,
): ProgramFacts {
  return {
    algorithm: `${name} ${version}`,
    hyperparameters: shortTexts(hyperparameters),
    settings: shortTexts(settingsOf(environment)),
  };
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
  if (name !== undefined) {
    return `The hosts of a job must have the same hyperparameters: "${name}" is ${shown(values!.get(name))} on ${host}, and ${shown(others!.get(name))} on ${other}.`;
  }
  const otherSettings = new Map(Object.entries(otherFacts.settings));
  // A channel may be for one of them only.
  const setting = Object.entries(facts.settings).find(([key, value]) => (otherSettings.get(key) ?? value) !== value);
  if (setting === undefined) return undefined;
  return `The hosts of a job must have the same configuration: ${setting[0]} is "${setting[1]}" on ${host}, and "${otherSettings.get(setting[0])}" on ${other}.`;
}

// --- internal ---

/** All values of a job go into one message. */
const LONGEST_VALUE = 100;

function settingsOf({
  resourceConfig,
  inputDataConfig,
  checkpointPath,
}: Parameters<typeof programFacts>[2]): Record<string, string> {
  const ofChannels = Object.entries(inputDataConfig).flatMap(([name, { ContentType, S3DistributionType }]) => [
    [`ContentType of channel "${name}"`, ContentType?.trim() ?? ''],
    [`S3DistributionType of channel "${name}"`, S3DistributionType ?? 'FullyReplicated'],
  ]);
  return {
    'hosts in resourceconfig.json': resourceConfig.hosts.join(', '),
    CheckpointConfig: checkpointPath === undefined ? 'not set' : 'set',
    ...Object.fromEntries(ofChannels),
  };
}

function shortTexts(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shortened(value)]));
}

function shortened(value: string): string {
  if (value.length <= LONGEST_VALUE) return value;
  const digest = createHash('sha256').update(value).digest('hex');
  return `${value.slice(0, LONGEST_VALUE / 2)}… (${value.length} characters, SHA-256 ${digest.slice(0, 16)})`;
}

function shown(value: string | undefined): string {
  return value === undefined ? 'not set' : `"${value}"`;
}
