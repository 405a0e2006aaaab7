/** A deployment's servers: they start together, and what is recorded once they are in service. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { now, type SageMaker } from '../resources/context.js';
import { type Deployment, ENDPOINT, type EndpointBody, type KeptVariant, type VariantSummary } from './shapes.js';
import { startVariant, type VariantServer } from './variant-server.js';

/** All or none. @throws Error in the service's words */
export async function startAll(
  sageMaker: SageMaker,
  endpointName: string,
  { Config, Models }: Required<Deployment>,
  stop: AbortSignal,
): Promise<readonly VariantServer[]> {
  const starts = Config.ProductionVariants.map((variant) => {
    const folder = join(sageMaker.workFolder, ENDPOINT, `${endpointName}-${randomUUID()}`);
    const model = Models[variant.VariantName]!;
    const isAsynchronous = Config.AsyncInferenceConfig !== undefined;
    const { MetricsConfig } = Config;
    return startVariant({ sageMaker, endpointName, variant, model, MetricsConfig, isAsynchronous, folder, stop });
  });
  const results = await Promise.allSettled(starts);
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (!failed) return servers;
  await stopAll(servers);
  throw failed.reason;
}

/** When they have answered what they were asked, or the signal comes first. */
export async function drainAll(servers: readonly VariantServer[], signal: AbortSignal): Promise<void> {
  await Promise.all(servers.map(({ inFlight }) => inFlight.ended(signal)));
  await stopAll(servers);
}

export async function stopAll(servers: readonly VariantServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
}

/** @param kept weights and instance counts in the place of the configuration's */
export function inService(
  deployment: Required<Deployment>,
  servers: readonly VariantServer[],
  kept: readonly KeptVariant[],
): Partial<EndpointBody> {
  const time = now();
  const { EndpointConfigName, AsyncInferenceConfig } = deployment.Config;
  const ProductionVariants = deployment.Config.ProductionVariants.map((variant, i): VariantSummary => {
    const { VariantName, InitialVariantWeight, InitialInstanceCount, ServerlessConfig } = variant;
    const { CurrentWeight, CurrentInstanceCount } = kept.find((other) => other.VariantName === VariantName) ?? {};
    const weight = CurrentWeight ?? InitialVariantWeight ?? 1;
    const count = CurrentInstanceCount ?? InitialInstanceCount ?? 1;
    return {
      VariantName,
      DeployedImages: servers[i]!.containers.map(({ image, resolvedImage }) => ({
        ...{ SpecifiedImage: image, ResolvedImage: resolvedImage, ResolutionTime: time },
      })),
      ...{ CurrentWeight: weight, DesiredWeight: weight },
      ...(ServerlessConfig === undefined
        ? { CurrentInstanceCount: count, DesiredInstanceCount: count }
        : { CurrentServerlessConfig: ServerlessConfig, DesiredServerlessConfig: ServerlessConfig }),
    };
  });
  return { ...deployment, Update: undefined, EndpointConfigName, ProductionVariants, AsyncInferenceConfig };
}
