/** Rules of GPU types: listed only where the image computes on the GPU, which its CUDA and the hosts' driver decide. */
import { gpuHost } from '../product/gpu-hosts.js';
import { everyType, hasGpu, USE_NAMES } from '../product/instance-types.js';
import type { Product } from '../product/schema.js';
import { productRule, type Rule, SOURCES } from './rule.js';

/** Fields of requests, by use. */
const AMI_FIELDS = { realTime: 'InferenceAmiVersion', batch: 'TransformAmiVersion' } as const;

export const GPU_RULES: readonly Rule[] = [
  productRule(
    'GPU types are only for an image whose need of a driver is stated',
    SOURCES.drivers,
    (product, { definition }) =>
      product.gpu || !definition.Capabilities.SupportsGpu
        ? []
        : gpuTypes(product).map(
            ({ use, type }) =>
              [
                ['instances', use, type],
                "must have no GPU unless gpu.driver is the NVIDIA driver that the image's CUDA needs; it is missing",
              ] as const,
          ),
  ),
  productRule(
    'endpoints and transforms have GPU types only where hosts have the driver that the image needs',
    SOURCES.drivers,
    (product) =>
      servedGpuTypes(product)
        .filter(({ host }) => host === undefined)
        .map(
          ({ use, type }) =>
            [
              ['instances', use, type],
              `must have hosts with NVIDIA driver ${product.gpu?.driver} or newer for ${USE_NAMES[use]}; SageMaker documents none`,
            ] as const,
        ),
  ),
  productRule('usage.md says which AMI version GPU types need', SOURCES.drivers, (product, { usage }) =>
    servedGpuTypes(product)
      .filter(({ host }) => host?.amiVersion !== undefined && !usage?.text.includes(host.amiVersion))
      .map(
        ({ use, type, host }) =>
          [
            ['instances', use, type],
            `must have its hosts in usage.md, which has to say: ${AMI_FIELDS[use]} "${host?.amiVersion}"`,
          ] as const,
      ),
  ),
];

// --- internal ---

function gpuTypes(product: Product) {
  return everyType(product).filter(({ type }) => hasGpu(type));
}

/** Those of endpoints and transforms, where a need of a driver is stated. */
function servedGpuTypes(product: Product) {
  const { gpu } = product;
  if (!gpu) return [];
  return gpuTypes(product).flatMap(({ use, type }) =>
    use === 'training' ? [] : [{ use, type, host: gpuHost(use, type, gpu.driver) }],
  );
}
