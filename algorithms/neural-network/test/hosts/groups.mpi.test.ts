/** A job whose instance groups have different channels trains the network of one host that has all of them. */
import { binaryTable, useHosts } from '@algo/contract/testing';
import { afterEach, it } from 'vitest';
import { pictures, pngOf, SIDE } from '../images/pictures.js';
import { expectSameHistory, type HostChannels, hyperparameters, program } from './jobs.js';

const { train } = useHosts({ afterEach });

/** @param contentType of all channels */
function trainOn(hosts: readonly HostChannels[], given: Readonly<Record<string, string>>, contentType = 'text/csv') {
  const configOf = (channels: HostChannels) =>
    Object.fromEntries(Object.keys(channels).map((name) => [name, { ContentType: contentType }]));
  return train({
    ...{ program, hyperparameters: { ...hyperparameters, ...given } },
    hosts: hosts.map((channels) => ({ channels, inputDataConfig: configOf(channels) })),
  });
}

it('one group has the rows to learn from, another those to validate with, a third has none', async () => {
  const [rows, validation] = [{ 'a.csv': binaryTable(300) }, { 'b.csv': binaryTable(150, 2) }];
  const given = { objective: 'binary', early_stopping_patience: '3' };
  const several = await trainOn([{ validation }, { train: rows }, {}], given);

  expectSameHistory(several, await trainOn([{ train: rows, validation }], given));
});

it('hosts that all have a channel share its rows, and others get none', async () => {
  const [rows, validation] = [{ 'a.csv': binaryTable(700) }, { 'b.csv': binaryTable(300, 2) }];
  const given = { objective: 'binary', dropout: '0.2' };
  const several = await trainOn([{ train: rows }, { validation }, { train: rows }], given);

  expectSameHistory(several, await trainOn([{ train: rows, validation }], given));
});

it('images of one group, whose folders are the classes', async () => {
  const folders = ['ants', 'bees', 'cats'];
  const images = Object.fromEntries(
    pictures(24).map((picture, i) => [`${folders[picture.label]}/${String(i).padStart(3, '0')}.png`, pngOf(picture)]),
  );
  const given = {
    ...{ objective: 'multiclass', input_shape: `${SIDE},${SIDE},1`, convolution_filters: '4', hidden_units: '8' },
    batch_size: '8',
  };
  const several = await trainOn([{}, { train: images }], given, 'image/png');

  expectSameHistory(several, await trainOn([{ train: images }], given, 'image/png'));
});
