/**
 * The cluster of a job: its hosts, their groups and the network between them, from resourceconfig.json, which some launchers
 * write with two keys only and old ones under another name.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { JsonValue } from '../channels/channel.js';
import { mayBeMissing, readConfig } from '../config-file.js';
import { PlatformError } from '../errors.js';
import { oneHost, type ResourceConfig } from './one-host.js';

export type { InstanceGroup, ResourceConfig } from './one-host.js';

/** All but the first two keys are missing in some launchers; the toolkit's own generator writes current_instance_group. */
const resourceConfigSchema = z.looseObject({
  current_host: z.string().min(1),
  hosts: z.array(z.string().min(1)).min(1),
  network_interface_name: mayBeMissing(z.string()),
  current_instance_type: mayBeMissing(z.string()),
  current_group_name: mayBeMissing(z.string()),
  current_instance_group: mayBeMissing(z.string()),
  instance_groups: mayBeMissing(
    z.array(z.looseObject({ instance_group_name: z.string(), instance_type: z.string(), hosts: z.array(z.string()) })),
  ),
  topology: mayBeMissing(z.json()),
});

/**
 * @param directory of the config files
 * @param currentHostVariable where no file says: that of the variable CURRENT_HOST
 * @throws PlatformError E_ENVIRONMENT for a file that breaks a rule
 */
export function readResourceConfig(directory: string, currentHostVariable: string | undefined): ResourceConfig {
  const config =
    readConfig(join(directory, 'resourceconfig.json'), resourceConfigSchema) ??
    readConfig(join(directory, 'resourceConfig.json'), resourceConfigSchema);
  if (!config) return oneHost(currentHostVariable);
  const { current_host: currentHost, hosts } = config;
  if (!hosts.includes(currentHost)) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      `resourceconfig.json: current_host must be one of hosts ${hosts.join(', ')}; received "${currentHost}".`,
    );
  }
  const twice = hosts.find((host, i) => hosts.indexOf(host) < i);
  if (twice !== undefined) {
    throw new PlatformError(
      'E_ENVIRONMENT',
      `resourceconfig.json: hosts must not have a name twice; received "${twice}" more than once in ${hosts.join(', ')}.`,
    );
  }
  return {
    currentHost,
    hosts,
    networkInterface: config.network_interface_name,
    instanceType: config.current_instance_type,
    groupName: config.current_group_name ?? config.current_instance_group,
    instanceGroups: (config.instance_groups ?? []).map((group) => ({
      name: group.instance_group_name,
      type: group.instance_type,
      hosts: group.hosts,
    })),
    topology: config.topology as JsonValue | undefined,
  };
}
