/**
 * NVIDIA's GPU and driver, by what its kernel module shows in /proc and /dev; a container sees them when its host has
 * mounted them.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Names of the first GPU and of the driver, for people. @param root for tests */
export function describeGpu(root = '/'): { readonly device: string; readonly driver?: string } {
  const information = globSync('proc/driver/nvidia/gpus/*/information', { cwd: root })[0];
  const model = information && /^Model:\s*(.+)$/m.exec(readFileSync(join(root, information), 'utf8'))?.[1];
  const version = join(root, 'proc/driver/nvidia/version');
  const driver = existsSync(version) && /Module\s+(?:for \S+\s+)?([\d.]+)/.exec(readFileSync(version, 'utf8'))?.[1];
  return { device: model || 'GPU', ...(driver ? { driver: `NVIDIA ${driver}` } : {}) };
}

/** Whether there is an NVIDIA driver that could have a GPU. @param root for tests */
export function hasDriver(root = '/'): boolean {
  return existsSync(join(root, DRIVER));
}

/** Why a TensorFlow that is built for GPUs computes on the processor. @param root for tests */
export function explainMissingGpu(root = '/'): string {
  if (!hasDriver(root)) return `no GPU: NVIDIA's driver is missing (no /${DRIVER})`;
  return 'no GPU: TensorFlow cannot use the installed one; TF_CPP_MIN_LOG_LEVEL=0 shows why';
}

// --- internal ---

const DRIVER = 'dev/nvidiactl';
