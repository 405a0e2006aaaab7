/** Endpoints over the model of the algorithm `sum`. */
import { type Programs, processPrograms } from '../../src/index.js';
import { placeModel } from './model.js';
import { ALGORITHMS, type Scene } from './scene.js';

export const variant = (changes: object = {}) => ({
  ...{ VariantName: 'AllTraffic', ModelName: 'model', InstanceType: 'ml.m5.xlarge', InitialInstanceCount: 1 },
  ...changes,
});

export const isSettled = ({ EndpointStatus }: { EndpointStatus: string }) => !/ing$/.test(EndpointStatus);

/** What DescribeEndpoint answers of the endpoint `end` once nothing is being done to it. */
export const settled = ({ until }: Scene) => until('DescribeEndpoint', { EndpointName: 'end' }, isSettled);

/** The endpoint `end` of the configuration `config`. */
export async function deploy(
  scene: Scene,
  environment: Record<string, string> = {},
  variants: object[] = [variant()],
  config: object = {},
) {
  await placeModel(scene, environment);
  await scene.call('CreateEndpointConfig', { EndpointConfigName: 'config', ProductionVariants: variants, ...config });
  await scene.call('CreateEndpoint', { EndpointName: 'end', EndpointConfigName: 'config' });
  return settled(scene);
}

/** Another model with a configuration, both of that name. */
export async function makeConfig({ call }: Scene, name: string, container: object = {}, variantChanges: object = {}) {
  const { body } = await call('DescribeModel', { ModelName: 'model' });
  await call('CreateModel', {
    ...{ ModelName: name, ExecutionRoleArn: body.ExecutionRoleArn },
    PrimaryContainer: { ...body.PrimaryContainer, ...container },
  });
  const ProductionVariants = [variant({ ModelName: name, ...variantChanges })];
  await call('CreateEndpointConfig', { EndpointConfigName: name, ProductionVariants });
}

/** Invokes an endpoint as its clients do. */
export async function invoke(url: string, endpoint: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/endpoints/${endpoint}/invocations`, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'text/csv', ...headers },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Programs of which none is opened from `hold` on until what that returns is called: what needs one is under way meanwhile. */
export function heldPrograms(): { readonly programs: Programs; hold(): () => void } {
  const programs = processPrograms(ALGORITHMS);
  let held: Promise<void> | undefined;
  return {
    programs: {
      ...programs,
      async open(image, options) {
        await held;
        return programs.open(image, options);
      },
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
}
