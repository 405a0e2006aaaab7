/** `algo train`; where signals and streams do not matter, in the process of the test. Needs `npm run build`. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algo, algoHere, makeWorkspace, start, write } from './support/command.js';

/** What starts a job on the sample data. */
const TRAIN_SUM = ['train', 'sum', '-c', 'train=sample-data/sum/train'];

/** Whether a process is there and has not ended. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('algo train', () => {
  it('creates a model that transform and serve can use', async () => {
    const folder = write(makeWorkspace(), { 'hp.json': '{"epochs":1,"behave":"none"}', 'in/a.csv': '1\n2\n' });
    const data = 'train=sample-data/sum/train/a.csv:text/csv;label_size=1';

    const train = await algo(
      folder,
      'train',
      'sum',
      '-c',
      data,
      '--hyperparameters',
      'hp.json',
      '-p',
      'epochs=2',
      '-o',
      'out',
    );
    const transform = await algo(folder, 'transform', 'sum', '-m', 'out/model.tar.gz', '-i', 'in', '-o', 'predicted');

    expect(train).toMatchObject({ code: 0, stderr: '' });
    expect(train.stdout).toMatch(
      /^epoch=1 train:sum=20$[\s\S]*^Completed after \d+\.\d\d s$[\s\S]*^ {2}train:sum +20$/m,
    );
    expect(readdirSync(join(folder, 'out')).sort()).toEqual([
      '.algo-training-job',
      'log.txt',
      'metrics.json',
      'model.tar.gz',
      'output.tar.gz',
    ]);
    expect(transform).toMatchObject({ code: 0, stderr: '' });
    expect(transform.stdout).toMatch(/^a\.csv: 2 records\nCompleted: 2 records in 1 request after/);
    expect(readFileSync(join(folder, 'predicted/a.csv.out'), 'utf8')).toBe('21\n22\n');
  });

  it('needs no channel where the algorithm requires none', async () => {
    const folder = makeWorkspace();
    const main = readFileSync(join(folder, 'algorithms/sum/main.js'), 'utf8');
    write(folder, { 'algorithms/sum/main.js': main.replace('IsRequired: true', 'IsRequired: false') });

    const { code, stdout } = await algoHere(folder, 'train', 'sum', '-o', 'out');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^Completed [\s\S]*^ {2}train:sum +0$/m);
  });

  it('reads Pipe mode, and keeps the container on request', async () => {
    const folder = makeWorkspace();

    const { code, stdout } = await algoHere(
      folder,
      'train',
      'sum',
      '-c',
      'train=sample-data/sum/train:csv',
      '--input-mode',
      'Pipe',
      '--keep',
    );

    expect(code).toBe(0);
    expect(stdout).toContain('train:sum=10');
    const [, container] = /^Container: (.*)$/m.exec(stdout) ?? [];
    const kept = join(container ?? '', 'input/config/inputdataconfig.json');
    expect(JSON.parse(readFileSync(kept, 'utf8'))).toMatchObject({
      train: { ContentType: 'csv', TrainingInputMode: 'Pipe' },
    });
  });

  it('trains on several instances, which share the files of a channel, and says whose each line is', async () => {
    const folder = write(makeWorkspace(), { 'in/a.csv': '1\n', 'in/b.csv': '2\n' });
    const main = readFileSync(join(folder, 'algorithms/sum/main.js'), 'utf8');
    const options = '-c train=in --shard train --instances 2 --keep'.split(' ');
    const refused = await algoHere(folder, 'train', 'sum', ...options);
    write(folder, {
      'algorithms/sum/main.js': main.replace('DistributedTraining: false', 'DistributedTraining: true'),
    });

    const { code, stdout } = await algoHere(folder, 'train', 'sum', ...options);
    const unknown = await algoHere(folder, 'train', 'sum', ...options, '--shard', 'other');

    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(
      '--instances must be 1: sum trains on one instance (SupportsDistributedTraining); received 2.',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\[algo-1\] epoch=0 train:sum=1$/m);
    expect(stdout).toMatch(/^\[algo-2\] epoch=0 train:sum=2$/m);
    expect(stdout).toMatch(/^Container: .*\/algo-\*\/opt\/ml$/m);
    expect(unknown.stderr).toContain('--shard must name a channel of the job: train; received "other".');
  });

  it('trains on groups of instances, which get the channels that are for them', async () => {
    const folder = write(makeWorkspace(), { 'in/a.csv': '1\n', 'in/b.csv': '2\n' });
    const main = readFileSync(join(folder, 'algorithms/sum/main.js'), 'utf8');
    const options = '-c train=in --shard train --group cpu=2 --group gpu=1:ml.g5.xlarge --keep'.split(' ');
    const refused = await algoHere(folder, 'train', 'sum', ...options);
    write(folder, {
      'algorithms/sum/main.js': main.replace('DistributedTraining: false', 'DistributedTraining: true'),
    });

    const { code, stdout } = await algoHere(folder, 'train', 'sum', ...options, '--channel-groups', 'train=gpu,cpu');
    const unknown = await algoHere(folder, 'train', 'sum', ...options, '--channel-groups', 'train=tpu');
    const both = await algoHere(folder, 'train', 'sum', ...options, '--instances', '3');
    const wrong = await algoHere(folder, 'train', 'sum', ...options, '--group', 'more=two');

    expect(refused.stderr).toContain(
      'The instances of --group must be 1: sum trains on one instance (SupportsDistributedTraining); received 3.',
    );
    expect(code, stdout).toBe(0);
    const [, container] = /^Container: (.*)algo-\*\/opt\/ml$/m.exec(stdout) ?? [];
    const configOf = (host: number, name: string) =>
      JSON.parse(readFileSync(join(container ?? '', `algo-${host}/opt/ml/input/config/${name}.json`), 'utf8'));
    expect(configOf(3, 'resourceconfig')).toMatchObject({
      ...{ current_group_name: 'gpu', current_instance_type: 'ml.g5.xlarge' },
    });
    expect(configOf(1, 'resourceconfig').current_group_name).toBe('cpu');
    expect(unknown.stderr).toContain('InstanceGroupNames must be groups of the job: cpu, gpu; received "tpu".');
    expect(both.stderr).toContain("'--group <name=count[:type]>' cannot be used with option '--instances <count>'");
    expect(wrong.stderr).toContain('--group must be NAME=COUNT or NAME=COUNT:TYPE; received "more=two".');
  });

  it.each([
    ['--instances', '2'],
    ['--shard', 'train'],
    ['--group', 'cpu=2'],
    ['--channel-groups', 'train=cpu'],
  ])('lays out one container only: not with %s', async (...option) => {
    const folder = write(makeWorkspace(), { 'in/a.csv': '1\n' });

    const { code, stderr } = await algoHere(folder, 'train', 'sum', '-c', 'train=in', '--lay-out', 'tree', ...option);

    expect(code).toBe(2);
    expect(stderr).toContain('--lay-out writes /opt/ml of one container, so it cannot be used with --instances');
  });

  it('reads the files of a manifest, in an order of the seed for each epoch', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const list = JSON.stringify([{ prefix: 'in/' }, ...names]);
    const folder = write(makeWorkspace(), {
      list,
      ...Object.fromEntries(names.map((name, i) => [`in/${name}`, `${i}\n`])),
    });
    const options =
      '-c train=list --data-type train=ManifestFile --input-mode Pipe -p behave=show -p epochs=2 --shuffle 3';

    const { code, stdout } = await algoHere(folder, 'train', 'sum', ...options.split(' '));

    expect(code).toBe(0);
    const epochs = stdout.match(/(?<=^epoch \d: ).*/gm);
    expect(epochs?.map((order) => order.split(' ').sort().join(' '))).toEqual(['0 1 2 3 4', '0 1 2 3 4']);
    expect(new Set([...epochs!, '0 1 2 3 4']).size).toBe(3);
  });

  it('finds the checkpoints of an earlier job in the folder that both are given', async () => {
    const folder = makeWorkspace();
    const run = () => algoHere(folder, ...TRAIN_SUM, '-p', 'behave=resume', '--checkpoints', 'kept/checkpoints');

    const [first, second] = [await run(), await run()];

    expect([first.code, second.code]).toEqual([1, 0]);
    expect(second.stdout).toContain('start 2');
    expect(readFileSync(join(folder, 'kept/checkpoints/count'), 'utf8')).toBe('2');
  });

  it('leaves everything of its user in the output folder unchanged', async () => {
    const folder = write(makeWorkspace(), {
      'out/container/opt/mine.txt': 'mine',
      'out/container/home/mine.txt': 'mine',
    });
    const train = [...TRAIN_SUM, '-o', 'out'];

    const done = await algoHere(folder, ...train);
    const failed = await algoHere(folder, ...train, '-p', 'behave=fail');

    expect([done.code, failed.code]).toEqual([0, 1]);
    expect(readFileSync(join(folder, 'out/container/opt/mine.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'out/container/home/mine.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.container'))).toEqual([]);
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(true);
  });

  it('sets a content type only if its user gave one', async () => {
    const folder = makeWorkspace();

    const { stdout } = await algoHere(folder, ...TRAIN_SUM, '--keep');

    const [, container] = /^Container: (.*)$/m.exec(stdout) ?? [];
    const config = readFileSync(join(container ?? '', 'input/config/inputdataconfig.json'), 'utf8');
    expect(JSON.parse(config)).toEqual({
      train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
    });
  });

  it('continues if nobody reads its log any more', async () => {
    const folder = makeWorkspace();
    const job = start(folder, [...TRAIN_SUM, '-o', 'out']);

    job.child.stdout?.destroy();
    const { code, stderr } = await job.finished;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(true);
  });

  it('exits with 1 and the FailureReason', async () => {
    const folder = makeWorkspace();

    const { code, stderr } = await algoHere(folder, ...TRAIN_SUM, '-p', 'behave=fail', '-p', 'failure=no rows');

    expect({ code, stderr }).toEqual({ code: 1, stderr: 'algo: AlgorithmError: no rows\n' });
  });

  it('stops on Ctrl-C like StopTrainingJob, and keeps the model', async () => {
    const folder = makeWorkspace();
    const { child, finished, printed } = start(folder, [...TRAIN_SUM, '-p', 'behave=wait', '-o', 'out']);

    await printed(/waiting/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await finished;

    expect(code).toBe(1);
    expect(stderr).toContain('Stopping the job');
    expect(stdout).toMatch(/got SIGTERM\nStopped after/);
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(true);
  });

  it('ends immediately on a second Ctrl-C, and leaves no program running', async () => {
    const folder = makeWorkspace();
    const { child, finished, printed } = start(folder, [...TRAIN_SUM, '-p', 'behave=ignore-sigterm']);

    await printed(/waiting/);
    child.kill('SIGINT');
    await printed(/got SIGTERM/);
    child.kill('SIGINT');
    const { code } = await finished;

    const output = join(folder, '.algo/training-job/sum');
    const container = readdirSync(output).find((name) => name.startsWith('.container-'));
    const seen = join(output, container!, 'opt/ml/output/data/seen.json');
    const { pid } = JSON.parse(readFileSync(seen, 'utf8')) as { pid: number };
    expect(code).toBe(130);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});
