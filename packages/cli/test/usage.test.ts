/** Help and wrong usage. */
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createCli } from '../src/cli.js';
import { algoHere, makeWorkspace, write } from './support/command.js';

describe('help and usage', () => {
  it('each command can be loaded alone, by the name that it has', async () => {
    const names = (await createCli()).commands.map((command) => command.name());

    const alone = await Promise.all(names.map(createCli));

    expect(alone.map(({ commands }) => commands.map((command) => command.name()))).toEqual(names.map((name) => [name]));
  });

  it.each(['validate', 'train', 'tune', 'serve', 'transform', 'describe', 'conformance', 'listing'])(
    'algo %s --help exits with 0',
    async (command) => {
      const { code, stdout } = await algoHere(tmpdir(), command, '--help');

      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: algo ${command} `));
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    },
  );

  it.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: algo/],
    ['an unknown command', ['trian'], /unknown command 'trian'[\s\S]*Did you mean train\?/],
    [
      'the help of an unknown command',
      ['trian', '--help'],
      /^error: unknown command 'trian'[\s\S]*Did you mean train\?/,
    ],
    ['help for an unknown command', ['help', 'trian'], /^error: unknown command 'trian'[\s\S]*Did you mean train\?/],
    ['the help of an unknown command of images', ['image', 'biuld', '--help'], /^error: unknown command 'biuld'/],
    [
      'an unknown option',
      ['train', 'sum', '-c', 'train=x', '--chanel', 'a=b'],
      /unknown option '--chanel'[\s\S]*Did you mean --channel\?/,
    ],
    [
      'an unknown option in place of a channel',
      ['train', 'sum', '--chanel', 'train=x'],
      /unknown option '--chanel'[\s\S]*Did you mean --channel\?/,
    ],
    ['a missing option', ['transform', 'sum', '-i', 'x'], /required option '-o, --output/],
    [
      'no channel where one is required',
      ['train', 'sum'],
      /sum must have the channel train\. Give --channel train=PATH\./,
    ],
    [
      'another channel than the one that is required',
      ['train', 'sum', '-c', 'trian=x'],
      /sum must have the channel train; received trian\. Give --channel train=PATH\./,
    ],
    [
      'a channel that is no NAME=VALUE',
      ['train', 'sum', '-c', 'train'],
      /argument 'train' is invalid\. It must be NAME=VALUE\./,
    ],
    [
      'a group of instances without their number',
      ['train', 'sum', '-c', 'train=x', '--group', 'cpu'],
      /argument 'cpu' is invalid\. It must be NAME=COUNT or NAME=COUNT:TYPE\./,
    ],
    [
      "a channel without its groups' names",
      ['train', 'sum', '-c', 'train=x', '--channel-groups', 'train'],
      /argument 'train' is invalid\. It must be NAME=GROUP,GROUP,…\./,
    ],
    ['a channel that is given twice', ['train', 'sum', '-c', 'a=b', '-c', 'a=c'], /"a" is given twice/],
    [
      'a port that is no integer',
      ['serve', 'sum', '-m', 'x', '--port', '80a'],
      /argument '80a' is invalid\. It must be an integer in/,
    ],
    [
      'an unknown split type',
      ['transform', 'sum', '-m', 'x', '-i', 'x', '-o', 'x', '--split-type', 'Word'],
      /Allowed choices are/,
    ],
    [
      'a filter that is no JSONPath',
      ['transform', 'sum', '-m', 'job', '-i', 'bad.json', '-o', 'x', '--input-filter', '$..a'],
      /InputFilter must be a JSONPath of .*; received "\$\.\.a"/,
    ],
    [
      'a type of data that is none',
      ['train', 'sum', '-c', 'train=x', '--data-type', 'train=AugmentedManifestFile'],
      /--data-type of channel "train" must be S3Prefix or ManifestFile; received "AugmentedManifestFile"\. .* --attributes train=/,
    ],
    [
      'a type of data of no channel',
      ['train', 'sum', '-c', 'train=x', '--data-type', 'tran=ManifestFile'],
      /--data-type must name a channel of the job: train; received "tran"\./,
    ],
    ['an unknown algorithm', ['describe', 'summ'], /"summ" is neither a folder nor .*Known algorithms: sum\./],
    ['no algorithm where one is checked', ['listing', 'check'], /An algorithm is required: algo listing check NAME\./],
    [
      'nothing that is to be checked',
      ['conformance'],
      /Give an image, a program or a folder; --list and --schema need none\./,
    ],
    [
      'a program that is none',
      ['conformance', './nowhere', '--runner', 'process'],
      /no folder or program ".\/nowhere"/,
    ],
    ['what can be no image either', ['conformance', './Nowhere'], /".\/Nowhere" is no folder, .* and no image\./],
    [
      'a folder that has no program, but a Dockerfile',
      ['conformance', './image'],
      /image must have executable files train and serve; it has neither\. Build the image of its Dockerfile/,
    ],
    [
      'a program that nobody may execute',
      ['conformance', './plain'],
      /plain\/serve must be executable\. Run "chmod \+x .*plain\/serve" first\./,
    ],
    [
      'rules of which none is left',
      ['conformance', 'sum', '--rule', 'stop', '--skip', 'stop'],
      /No rule is left to try/,
    ],
    ['an unknown rule', ['conformance', 'sum', '--rule', 'ping.fast'], /There is no rule "ping\.fast"\. --list prints/],
    ['no profile', ['conformance', 'sum', '--profile', 'nowhere.json'], /There is no profile .*nowhere\.json/],
    ['an unknown format', ['conformance', 'sum', '--format', 'xml'], /Allowed choices are text, json, junit/],
    [
      'an ARN where no listing is tested',
      ['publish', 'sum', '--arn', 'arn:aws:sagemaker:us-east-1:865070037744:algorithm/sum'],
      /--arn is for --listing test\./,
    ],
    [
      'a product where no listing is made',
      ['publish', 'sum', '--listing', 'test', '--product-id', 'prod-1'],
      /--product-id is for --listing limited and --listing public\./,
    ],
    [
      'an unknown step of a listing',
      ['publish', 'sum', '--listing', 'all'],
      /Allowed choices are limited, test, public/,
    ],
    ['a missing path', ['describe', './nowhere'], /[Tt]here is no .*nowhere/],
    ['a path that is no algorithm', ['describe', 'bad.json'], /bad\.json must be an algorithm's folder or its program/],
    ['a device', ['describe', '/dev/null'], /\/dev\/null must be .*; it is no file\. Check the path\./],
    [
      'an output for train',
      ['train', 'sum', '-c', 'train=bad.json', '-o', '/proc/x'],
      /Output folder \/proc\/x must be/,
    ],
    [
      'an output for transform',
      ['transform', 'sum', '-m', 'x', '-i', 'bad.json', '-o', '/proc/x/deep'],
      /Output folder \/proc\/x\/deep must be a writable folder/,
    ],
    ['a missing channel path', ['train', 'sum', '-c', 'train=nowhere'], /Channel "train": there is no file or folder/],
    [
      'no model',
      ['serve', 'sum', '--port', '0'],
      /--model is required: sum serves the model\.tar\.gz of a training job/,
    ],
    [
      "a training job's output folder as the model",
      ['serve', 'sum', '-m', 'job', '--port', '0'],
      /The model must be model\.tar\.gz or its unpacked files; .*job is the output folder .* Give .*job\/model\.tar\.gz\./,
    ],
    ['a missing model', ['serve', 'sum', '-m', 'no.tar.gz', '--port', '0'], /There is no model .*no\.tar\.gz/],
    ['a channel without a path', ['train', 'sum', '-c', 'train='], /It must be NAME=PATH; the path is empty\./],
    [
      'attributes of no channel',
      ['train', 'sum', '-c', 'train=.', '--input-mode', 'Pipe', '--attributes', 'trian=a'],
      /--attributes must name a channel of the job: train; received "trian"\./,
    ],
    [
      'a missing file of hyperparameters',
      ['train', 'sum', '-c', 'train=.', '--hyperparameters', 'no.json'],
      /--hyperparameters: there is no file .*no\.json\. Check the path\./,
    ],
    [
      'a folder in place of a file of hyperparameters',
      ['train', 'sum', '-c', 'train=.', '--hyperparameters', 'job'],
      /--hyperparameters: there is no file .*job\. Check the path\./,
    ],
    ['bad JSON', ['train', 'sum', '-c', 'train=.', '--hyperparameters', 'bad.json'], /bad\.json must be JSON: /],
  ])('exits with 2 for %s', async (_case, args, message) => {
    const folder = write(makeWorkspace(), {
      ...{ 'bad.json': '{', 'job/.algo-training-job': '', 'image/Dockerfile': 'FROM scratch\n' },
      'plain/serve': '#!/bin/sh\n',
    });

    const { code, stderr } = await algoHere(folder, ...args);

    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('where a command writes', () => {
  it.each<[string, string[], RegExp]>([
    ['a file as the folder of a listing', ['listing', 'sum', '--out', 'file'], /--out must be a folder; .*"file", and/],
    [
      'a folder in a file',
      ['listing', 'sum', '--out', 'file/sub/deeper'],
      /--out must be a folder; .*\/file is a file\./,
    ],
    [
      'a folder as the file of a report',
      ['report', 'sum', '--out', 'folder'],
      /--out must be a file; .*"folder", a folder/,
    ],
    [
      'a report in a file',
      ['report', 'sum', '--out', 'file/page.html'],
      /--out must be a file in a folder; .*file is a file/,
    ],
    ['a file for notebooks', ['notebook', 'new', 'sum', '--to', 'file'], /--to must be a folder; /],
    ['a file for a repository', ['notebook', 'export', 'sum', '--to', 'file'], /--to must be a folder; /],
    ['a file for a tree', ['train', 'sum', '-c', 'train=data', '--lay-out', 'file'], /--lay-out must be a folder; /],
  ])('exits with 2 for %s, naming the option', async (_case, args, message) => {
    const folder = write(makeWorkspace(), { file: '', 'folder/a.txt': '', 'data/a.csv': '1\n' });

    const { code, stderr } = await algoHere(folder, ...args);

    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});
