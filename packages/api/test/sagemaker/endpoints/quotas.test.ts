/** Instances of endpoints against a quota of three. */
import { describe, expect, it } from 'vitest';
import { deploy, makeConfig, settled, variant } from '../../support/endpoint.js';
import { openScene } from '../../support/scene.js';

const TYPE = 'ml.m5.xlarge';
const refusal = (used: number, more: number) => ({
  __type: 'ResourceLimitExceeded',
  message: expect.stringContaining(
    `'${TYPE} for endpoint usage' is 3 Instances, with current utilization of ${used} Instances and a request delta of ${more} Instances.`,
  ),
});

/** An endpoint of one instance. */
async function openLimited() {
  const scene = await openScene({ quotas: { [TYPE]: 3 } });
  await deploy(scene);
  return {
    scene,
    async update(config: string, changes: object = {}) {
      const input = { EndpointName: 'end', EndpointConfigName: config, ...changes };
      const { body } = await scene.call('UpdateEndpoint', input);
      await settled(scene);
      return body;
    },
    async resize(count: number) {
      const DesiredWeightsAndCapacities = [{ VariantName: 'AllTraffic', DesiredInstanceCount: count }];
      const input = { EndpointName: 'end', DesiredWeightsAndCapacities };
      return (await scene.call('UpdateEndpointWeightsAndCapacities', input)).body;
    },
    create: async (name: string, config: string) =>
      (await scene.call('CreateEndpoint', { EndpointName: name, EndpointConfigName: config })).body,
  };
}

describe('the quota of an instance type', () => {
  it('is checked for the instances that an update adds', async () => {
    const { scene, update } = await openLimited();
    await makeConfig(scene, 'three', {}, { InitialInstanceCount: 3 });
    await makeConfig(scene, 'four', {}, { InitialInstanceCount: 4 });

    const over = await update('four');
    const up = await update('three');
    const same = await update('three');
    const { EndpointConfigName } = await settled(scene);

    expect(over).toMatchObject(refusal(1, 3));
    expect([up, same]).toMatchObject([{ EndpointArn: expect.any(String) }, { EndpointArn: expect.any(String) }]);
    expect(EndpointConfigName).toBe('three');
  });

  it('counts the instances that are desired, and those that an update keeps', async () => {
    const { update, resize, create } = await openLimited();

    const over = await resize(4);
    const up = await resize(3);
    const other = await create('other', 'config');
    await update('config', { RetainAllVariantProperties: true });
    const afterKeeping = await create('other', 'config');
    await update('config');
    const afterwards = await create('other', 'config');

    expect(over).toMatchObject(refusal(1, 3));
    expect(up).toEqual({ EndpointArn: expect.any(String) });
    expect([other, afterKeeping]).toMatchObject([refusal(3, 1), refusal(3, 1)]);
    expect(afterwards).toEqual({ EndpointArn: expect.any(String) });
  });

  it('is that of all variants of an endpoint together', async () => {
    const { scene, create } = await openLimited();
    const ProductionVariants = [variant({ VariantName: 'a', InitialInstanceCount: 2 }), variant({ VariantName: 'b' })];
    await scene.call('CreateEndpointConfig', { EndpointConfigName: 'two', ProductionVariants });

    expect(await create('other', 'two')).toMatchObject(refusal(1, 3));
  });
});
