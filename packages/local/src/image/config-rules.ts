/**
 * The rules that the manifest, the configuration and the layers of an image are checked against. Sources: AWS guides "How
 * Amazon SageMaker Runs Your Training Image" and "Custom Inference Code with Hosting Services"; for single manifests
 * aws/amazon-sagemaker-feedback#180.
 */
import type { CheckItem } from './check-item.js';
import { DOCKER_MANIFEST, type ImageConfig, OCI_MANIFEST } from './export.js';

const REQUIRED_LABELS = ['title', 'description', 'version', 'licenses'].map((key) => `org.opencontainers.image.${key}`);
const CAPABILITY = 'com.amazonaws.sagemaker.capabilities.';
const CAPABILITIES = ['accept-bind-to-port', 'multi-models', 'bidirectional-streaming'];

/** The largest layer that Amazon ECR takes. */
const LAYER_MAX_BYTES = 52_000 * 1024 * 1024;

/**
 * SageMaker takes Docker's manifest; it refuses OCI's ("Unsupported manifest media type") and any index. An engine may
 * still keep an image as OCI's and push it as Docker's.
 */
export function checkManifest(type: string): CheckItem {
  const name = 'manifest';
  if (type === DOCKER_MANIFEST) return { name, result: 'passed', text: type };
  if (type === OCI_MANIFEST) {
    const hint = 'SageMaker accepts only Docker’s. Push it with --format v2s2, or build it with --output type=docker';
    return { name, result: 'warning', text: `${type}; ${hint}` };
  }
  const hint = 'it must be one manifest. Build for one platform with --provenance=false.';
  return { name, result: 'failed', text: `${type}; ${hint}` };
}

/**
 * @param version of the algorithm; undefined where it is not known
 * @param declared whether its definition has what a capability needs; see ImageCheckRequest
 */
export function checkConfig(
  config: ImageConfig,
  version?: string,
  declared: Readonly<Record<string, boolean>> = {},
): readonly CheckItem[] {
  const platform = `${config.os}/${config.architecture}`;
  const isRight = platform === 'linux/amd64';
  return [
    {
      name: 'platform',
      result: isRight ? 'passed' : 'failed',
      text: isRight ? platform : `must be linux/amd64, the platform of batch transform; received ${platform}`,
    },
    checkEntrypoint(config.config.Entrypoint ?? []),
    checkUser(config.config.User ?? ''),
    checkLabels(config.config.Labels ?? {}, version, declared),
  ];
}

/** @param bytes of each layer, compressed */
export function checkSize(bytes: readonly number[]): CheckItem {
  const megabytes = (value: number) => (value / 1e6).toFixed(1);
  const total = bytes.reduce((sum, value) => sum + value, 0);
  const isSmall = bytes.every((value) => value <= LAYER_MAX_BYTES);
  const layers = `${megabytes(total)} MB compressed in ${bytes.length} layers: ${bytes.map(megabytes).join(', ')}`;
  return {
    name: 'size',
    result: isSmall ? 'passed' : 'failed',
    text: isSmall ? layers : `${layers}; the limit of ECR is 54,526`,
  };
}

// --- internal ---

function checkEntrypoint(entrypoint: readonly string[]): CheckItem {
  const name = 'entrypoint';
  const shown = JSON.stringify(entrypoint);
  const [program = ''] = entrypoint;
  const base = program.slice(program.lastIndexOf('/') + 1);
  if (program === '')
    return { name, result: 'warning', text: 'none: "train" and "serve" must be programs on its PATH' };
  if (entrypoint[1] === '-c' && /^(ba|da|a)?sh$/.test(base)) {
    return { name, result: 'failed', text: `${shown}: a shell does not forward SIGTERM; write it as a JSON array` };
  }
  if (base === 'tini') return { name, result: 'failed', text: `${shown}: tini mishandles the argument train or serve` };
  return { name, result: 'passed', text: shown };
}

function checkUser(user: string): CheckItem {
  const isRoot = ['', '0', 'root', '0:0', 'root:root'].includes(user);
  const text = isRoot ? 'root' : `must be root, who owns /opt/ml on the platform; received "${user}"`;
  return { name: 'user', result: isRoot ? 'passed' : 'failed', text };
}

function checkLabels(
  labels: Readonly<Record<string, string>>,
  version: string | undefined,
  declared: Readonly<Record<string, boolean>>,
): CheckItem {
  const name = 'labels';
  const missing = REQUIRED_LABELS.filter((label) => !labels[label]);
  const capabilities = Object.keys(labels).filter((label) => label.startsWith(CAPABILITY));
  const odd = capabilities.filter((label) => !CAPABILITIES.includes(label.slice(CAPABILITY.length)));
  const stated = labels['org.opencontainers.image.version'];
  if (missing.length > 0) return { name, result: 'failed', text: `missing: ${missing.join(', ')}` };
  if (odd.length > 0) return { name, result: 'failed', text: `SageMaker has no capability ${odd.join(', ')}` };
  if (version !== undefined && stated !== version) {
    return { name, result: 'failed', text: `the version must be the algorithm's, ${version}; received ${stated}` };
  }
  const able = capabilities.filter((label) => labels[label] === 'true').map((label) => label.slice(CAPABILITY.length));
  const untrue = able.find((capability) => declared[capability] === false);
  if (untrue !== undefined) {
    const text = `${CAPABILITY}${untrue} must not be set: the algorithm's definition does not have it`;
    return { name, result: 'failed', text };
  }
  const unset = Object.keys(declared).find((capability) => declared[capability] && !able.includes(capability));
  if (unset !== undefined) {
    const text = `${CAPABILITY}${unset} must be "true", as the definition has it; without it the platform does not use it`;
    return { name, result: 'failed', text };
  }
  const title = labels['org.opencontainers.image.title'];
  return { name, result: 'passed', text: `${title} ${stated}; capabilities: ${able.join(', ') || 'none'}` };
}
