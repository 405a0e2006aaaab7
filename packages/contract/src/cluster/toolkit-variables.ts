/**
 * The variables `SM_…` that AWS's training toolkit makes inside its containers, which many take for the platform's own: for
 * code that reads them, such as scripts that are ported, and programs that an algorithm starts.
 * Source: aws/sagemaker-training-toolkit, environment.py and mapping.py.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allowedCpus } from '../cpu-count.js';
import type { Environment } from '../environment.js';
import { pythonText, readPythonJson, writePythonJson } from './python-json.js';

/** Texts by variable: paths and names as they are, all else as JSON with its keys in order, as the toolkit writes it. */
export function toolkitVariables(environment: Omit<Environment, 'serving'>): Readonly<Record<string, string>> {
  const members = membersOf(environment);
  const { own } = split(environment.hyperparameters);
  const values: [string, unknown][] = [
    ...Object.entries(members),
    ['training_env', members],
    ['user_args', commandLine(own)],
    ...Object.entries(members.channel_input_dirs).map(([name, path]) => [`channel_${name}`, path] as [string, unknown]),
    ...Object.entries(own).map(([name, value]) => [`hp_${name}`, value] as [string, unknown]),
  ];
  const variables = values
    .filter(([name]) => !ONLY_IN_ENV.includes(name))
    .map(([name, value]) => [`SM_${variableName(name)}`, textOf(value)] as const);
  return Object.fromEntries(variables);
}

// --- internal ---

/** What the toolkit has in SM_TRAINING_ENV and under no name of its own, or under another. */
const ONLY_IN_ENV = [
  'channel_input_dirs',
  'hyperparameters',
  'additional_framework_parameters',
  'is_master',
  'job_name',
];
const DEFAULT_GROUP = 'homogeneousCluster';
/** Python's logging.INFO. */
const LOG_LEVEL = 20;

function membersOf(environment: Omit<Environment, 'serving'>) {
  const { paths, hyperparameters, inputDataConfig, resourceConfig, trainingJobName } = environment;
  const { currentHost, hosts, instanceGroups, groupName = DEFAULT_GROUP, topology } = resourceConfig;
  const { own, framework, toolkit } = split(hyperparameters);
  const resources = documentOf(join(paths.config, 'resourceconfig.json'));
  const group = instanceGroups.find(({ name }) => name === groupName);
  const program = String(toolkit.sagemaker_program ?? '');
  const groups = Array.isArray(resources.instance_groups) ? (resources.instance_groups as GroupDocument[]) : [];
  return {
    additional_framework_parameters: framework,
    channel_input_dirs: Object.fromEntries(Object.keys(inputDataConfig).map((name) => [name, join(paths.data, name)])),
    channels: Object.keys(inputDataConfig).sort(),
    current_host: currentHost,
    current_instance_group: groupName,
    current_instance_group_hosts: group?.hosts ?? [],
    current_instance_type: resourceConfig.instanceType ?? 'local',
    distribution_instance_groups: [],
    framework_module: null,
    framework_params: framework,
    hosts,
    hps: own,
    hyperparameters: own,
    input_config_dir: paths.config,
    input_data_config: documentOf(join(paths.config, 'inputdataconfig.json')),
    input_dir: join(paths.base, 'input'),
    instance_groups: instanceGroups.map(({ name }) => name),
    instance_groups_dict: Object.fromEntries(groups.map((document) => [document.instance_group_name, document])),
    is_hetero: instanceGroups.length > 1,
    is_master: currentHost === hosts[0],
    job_name: trainingJobName ?? '',
    log_level: toolkit.sagemaker_container_log_level ?? LOG_LEVEL,
    master_hostname: hosts[0],
    model_dir: paths.model,
    module_dir: String(toolkit.sagemaker_submit_directory ?? join(paths.base, 'code')),
    module_name: program.replace(/\.py$/, ''),
    network_interface_name: resourceConfig.networkInterface ?? 'eth0',
    num_cpus: allowedCpus(),
    num_gpus: devices(/^nvidia\d+$/),
    // How many cores a device has is not to be seen from here.
    ...(devices(/^neuron\d+$/) === 0 && { num_neurons: 0 }),
    output_data_dir: paths.outputData,
    output_dir: paths.output,
    output_intermediate_dir: join(paths.output, 'intermediate'),
    resource_config: resources,
    ...(topology !== undefined && { topology }),
    user_entry_point: program,
  };
}

interface GroupDocument {
  readonly instance_group_name: string;
}

/** Names that AWS's clients give to the toolkit itself. */
const TOOLKIT_NAMES = [
  'sagemaker_program',
  'sagemaker_submit_directory',
  'sagemaker_container_log_level',
  'sagemaker_job_name',
  'sagemaker_region',
  'sagemaker_s3_output',
  '_tuning_objective_metric',
];

/** The hyperparameters of the algorithm, of a framework, and of the toolkit, each read as JSON where it is some. */
function split(hyperparameters: Readonly<Record<string, string>>) {
  const parts: Record<'own' | 'framework' | 'toolkit', Record<string, unknown>> = {
    own: {},
    framework: {},
    toolkit: {},
  };
  for (const [name, text] of Object.entries(hyperparameters)) {
    const kind = TOOLKIT_NAMES.includes(name) ? 'toolkit' : name.startsWith('sagemaker_') ? 'framework' : 'own';
    parts[kind][name] = readPythonJson(text);
  }
  return parts;
}

/** `--name value` of each, in the order of names; one letter has one hyphen. */
function commandLine(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => [`${name.length === 1 ? '-' : '--'}${name}`, pythonText(value)]);
}

/** Characters that no variable may have become `_`: the toolkit keeps them, and no shell can read those. */
function variableName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : writePythonJson(value);
}

/** A config file as it is; the environment has been read from it, so that it is an object. */
function documentOf(path: string): Readonly<Record<string, unknown>> {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : {};
}

/** How many such devices the container has. */
function devices(name: RegExp): number {
  try {
    return readdirSync('/dev').filter((file) => name.test(file)).length;
  } catch {
    return 0;
  }
}
