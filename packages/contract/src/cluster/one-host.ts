/** What a job knows of its cluster, and the cluster where no file says one: this host alone. */
import type { JsonValue } from '../channels/channel.js';

/** The cluster, under names of our own. */
export interface ResourceConfig {
  readonly currentHost: string;
  /** Sorted like the platform: by bytes, so algo-10 comes before algo-2. */
  readonly hosts: readonly string[];
  readonly networkInterface: string | undefined;
  readonly instanceType: string | undefined;
  readonly groupName: string | undefined;
  /** Of a heterogeneous cluster several; of any other one, or none where a launcher does not say. */
  readonly instanceGroups: readonly InstanceGroup[];
  /** Where the hosts of an UltraServer are, as the platform writes it; undefined for all other instance types. */
  readonly topology: JsonValue | undefined;
}

/** Hosts of one instance type. */
export interface InstanceGroup {
  readonly name: string;
  readonly type: string;
  readonly hosts: readonly string[];
}

/** @param name that of the variable CURRENT_HOST; default: the platform's name for the first host */
export function oneHost(name = 'algo-1'): ResourceConfig {
  return {
    currentHost: name,
    hosts: [name],
    networkInterface: undefined,
    instanceType: undefined,
    groupName: undefined,
    instanceGroups: [],
    topology: undefined,
  };
}
