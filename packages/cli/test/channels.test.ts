import { join } from 'node:path';
import { expect, it } from 'vitest';
import { channelsOf } from '../src/channels.js';

const DESCRIPTION = { Name: 'sum' } as Parameters<typeof channelsOf>[1];

it('a channel may have the name of a member that every object has, and is for all groups unless it names some', () => {
  const options = { compression: 'None', recordWrapper: 'None', channel: { train: 'in', constructor: 'in' } } as const;
  const groups = { group: { cpu: '2', gpu: '1' }, channelGroups: { train: 'gpu' } };

  const channels = channelsOf({ ...options, ...groups }, DESCRIPTION, '/data');

  expect(channels).toMatchObject({ train: { path: join('/data', 'in'), instanceGroupNames: ['gpu'] } });
  expect(Object.getOwnPropertyDescriptor(channels, 'constructor')?.value).toMatchObject({
    instanceGroupNames: ['cpu', 'gpu'],
    attributeNames: undefined,
  });
});
