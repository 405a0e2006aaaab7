/**
 * The NVIDIA driver of SageMaker's hosts for endpoints and transforms. An image's CUDA needs a certain driver, the default one of
 * several families is older, and NVIDIA's toolkit mounts no compatibility libraries by itself since 1.17.4: then a request has
 * to name hosts with a newer driver. Sources: Amazon SageMaker Developer Guide, "Best practices to minimize interruptions
 * during GPU driver upgrades"; botocore 1.43.107, InferenceAmiVersion and TransformAmiVersion.
 */
import { hasGpu } from './instance-types.js';
import type { Product } from './schema.js';

/** What runs on hosts whose driver is known. That of training hosts is documented nowhere. */
type ServingUse = 'realTime' | 'batch';

export interface GpuHost {
  /** Major version of NVIDIA's driver. */
  readonly driver: number;
  /** To set in the request; undefined where the default hosts will do. */
  readonly amiVersion?: string;
}

/** Hosts on which an image with a need runs on a GPU; undefined where none are known. @param driver major version needed */
export function gpuHost(use: ServingUse, type: string, driver: number): GpuHost | undefined {
  const family = /^ml\.([^.]+)\./.exec(type)?.[1] ?? '';
  const standard = STANDARD[use].find(({ families }) => families.includes(family));
  if (standard && standard.driver >= driver) return { driver: standard.driver };
  const { families, ...host } = NEWER[use];
  return families.includes(family) && host.driver >= driver ? host : undefined;
}

/** For InferenceAmiVersion of an endpoint configuration's variant; undefined where it need not be set. */
export function inferenceAmiVersion(type: string, product: Pick<Product, 'gpu'>): string | undefined {
  return amiVersion('realTime', type, product);
}

/** For TransformAmiVersion of a transform job's resources; undefined where it need not be set. */
export function transformAmiVersion(type: string, product: Pick<Product, 'gpu'>): string | undefined {
  return amiVersion('batch', type, product);
}

// --- internal ---

interface Hosts extends GpuHost {
  readonly families: readonly string[];
}

const OLDER = { driver: 470, families: ['p2', 'p3', 'p4d', 'p4de', 'g4dn', 'g5'] } as const;

const STANDARD: Readonly<Record<ServingUse, readonly Hosts[]>> = {
  realTime: [OLDER, { driver: 535, families: ['p5', 'g6'] }, { driver: 550, families: ['p5e', 'p5en'] }],
  batch: [OLDER],
};

/** Those with 535; p2 has no newer driver than 470. The variant -2-1 mounts no compatibility libraries, as later ones. */
const NEWER: Readonly<Record<ServingUse, Hosts>> = {
  realTime: {
    driver: 535,
    amiVersion: 'al2-ami-sagemaker-inference-gpu-2-1',
    families: ['p3', 'p4d', 'p4de', 'g4dn', 'g5'],
  },
  batch: { driver: 535, amiVersion: 'al2-ami-sagemaker-batch-gpu-535', families: ['p3', 'p4d', 'p4de', 'g4dn', 'g5'] },
};

function amiVersion(use: ServingUse, type: string, { gpu }: Pick<Product, 'gpu'>): string | undefined {
  return gpu && hasGpu(type) ? gpuHost(use, type, gpu.driver)?.amiVersion : undefined;
}
