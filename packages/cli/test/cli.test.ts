/**
 * The command as its users run it: a child process with exit code, stdout and stderr. Needs `npm run build`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { algo, BIN, makeWorkspace, start, write } from './support/command.js';

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

/** Seconds, times and digests change from run to run. */
function steady(text: string): string {
  return text
    .replaceAll(/\d+\.\d\d s\b/g, 'T s')
    .replaceAll(/\d+ ms\b/g, 'T ms')
    .replaceAll(/ +\d+\.\d\d {2}/g, '  T  ')
    .replaceAll(/[0-9a-f]{12}…/g, 'DIGEST…');
}

describe('help and usage', () => {
  it.each(['validate', 'train', 'tune', 'serve', 'transform', 'describe'])(
    'algo %s --help exits with 0',
    async (command) => {
      const { code, stdout } = await algo(tmpdir(), command, '--help');

      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^Usage: algo ${command} `));
    },
  );

  it.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: algo/],
    ['an unknown command', ['trian'], /unknown command 'trian'[\s\S]*Did you mean train\?/],
    [
      'an unknown option',
      ['train', 'sum', '-c', 'train=x', '--chanel', 'a=b'],
      /unknown option '--chanel'[\s\S]*Did you mean --channel\?/,
    ],
    [
      'an unknown option in place of a required one',
      ['train', 'sum', '--chanel', 'train=x'],
      /unknown option '--chanel'[\s\S]*Did you mean --channel\?/,
    ],
    ['a missing option', ['train', 'sum'], /required option '-c, --channel/],
    [
      'a channel that is no NAME=VALUE',
      ['train', 'sum', '-c', 'train'],
      /argument 'train' is invalid\. It must be NAME=VALUE\./,
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
    ['bad JSON', ['train', 'sum', '-c', 'train=.', '--hyperparameters', 'bad.json'], /bad\.json must be JSON: /],
  ])('exits with 2 for %s', async (_case, args, message) => {
    const folder = write(makeWorkspace(), { 'bad.json': '{', 'job/.algo-training-job': '' });

    const { code, stderr } = await algo(folder, ...args);

    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('algo validate', () => {
  it('runs every algorithm of the workspace from any subfolder, and prints one table', async () => {
    const folder = makeWorkspace();

    const { code, stdout, stderr } = await algo(join(folder, 'sample-data'), 'validate');

    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(steady(stdout).split('\n')).toEqual([
      'sum: training job passed T s',
      'sum: model passed T s',
      'sum: batch transform passed T s',
      'sum: endpoint passed T s',
      'sum: invocations passed T s',
      'sum: stop passed T s',
      '',
      'algorithm  step             result  seconds  checked',
      'sum        training job     passed  T  Completed; 2 of 2 metrics found',
      expect.stringMatching(/^ {11}model {12}passed {2}T {2}model\.tar\.gz \d+ bytes, 1 file, sha256 DIGEST…$/),
      '           batch transform  passed  T  2 records in 1 request, as many out; 1 stored output equal, 2 numbers within 1e-9',
      '           endpoint         passed  T  /ping 200 after T s, empty body',
      '           invocations      passed  T  1 sample, slowest T ms; 1 stored output equal, 1 number within 1e-9',
      '           stop             passed  T  SIGTERM: exit code 0 after T s',
      '',
      'Files: ../.algo/validation/sum',
      '',
    ]);
    expect(existsSync(join(folder, '.algo/validation/sum/validation.json'))).toBe(true);
  });

  it('prints validation.json with --json, and nothing else on stdout', async () => {
    const folder = makeWorkspace();

    const { code, stdout } = await algo(folder, 'validate', 'sum', '--json');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(readFileSync(join(folder, '.algo/validation/sum/validation.json'), 'utf8')),
    );
  });

  it('exits with 1 and the first cause, and continues with the other algorithms', async () => {
    const folder = makeWorkspace();
    write(folder, { 'algorithms/other/package.json': '{}', 'sample-data/sum/01.csv.out': '16' });

    const { code, stdout, stderr } = await algo(folder, 'validate');

    expect(code).toBe(1);
    expect(stderr).toBe(
      `algo: other: ${join(folder, 'algorithms/other')} has not been built: there is no dist/main.js. Run "npm run build" first.\n`,
    );
    expect(stdout).toMatch(/^other +preparation +failed/m);
    expect(stdout).toMatch(
      /invocations +failed +\d\.\d\d {2}01\.csv\.out line 1, column 1: expected 16; received 15$/m,
    );
  });

  it('updates the stored outputs in any folder', async () => {
    const folder = makeWorkspace();
    const elsewhere = makeWorkspace();
    write(elsewhere, { 'sample-data/sum/01.csv.out': '16' });
    const one = [join(elsewhere, 'algorithms/sum'), '--sample-data', join(elsewhere, 'sample-data/sum')];

    const before = await algo(folder, 'validate', ...one);
    const update = await algo(folder, 'validate', ...one, '--update');
    const after = await algo(folder, 'validate', ...one);

    expect([before.code, update.code, after.code]).toEqual([1, 0, 0]);
    expect(readFileSync(join(elsewhere, 'sample-data/sum/01.csv.out'), 'utf8')).toBe('15');
  });
});

describe('algo train, transform and serve', () => {
  it('train creates a model that transform and serve can use', async () => {
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
      /^epoch=1 train:sum=20$[\s\S]*^Completed after \d\.\d\d s$[\s\S]*^ {2}train:sum +20$/m,
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

  it('train reads Pipe mode, and keeps the container on request', async () => {
    const folder = makeWorkspace();

    const { code, stdout } = await algo(
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

  it('train reads the files of a manifest, in an order of the seed for each epoch', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const list = JSON.stringify([{ prefix: 'in/' }, ...names]);
    const folder = write(makeWorkspace(), {
      list,
      ...Object.fromEntries(names.map((name, i) => [`in/${name}`, `${i}\n`])),
    });
    const options =
      '-c train=list --data-type train=ManifestFile --input-mode Pipe -p behave=show -p epochs=2 --shuffle 3';

    const { code, stdout } = await algo(folder, 'train', 'sum', ...options.split(' '));

    expect(code).toBe(0);
    const epochs = stdout.match(/(?<=^epoch \d: ).*/gm);
    expect(epochs?.map((order) => order.split(' ').sort().join(' '))).toEqual(['0 1 2 3 4', '0 1 2 3 4']);
    expect(new Set([...epochs!, '0 1 2 3 4']).size).toBe(3);
  });

  it('train finds the checkpoints of an earlier job in the folder that both are given', async () => {
    const folder = makeWorkspace();
    const run = () => algo(folder, ...TRAIN_SUM, '-p', 'behave=resume', '--checkpoints', 'kept/checkpoints');

    const [first, second] = [await run(), await run()];

    expect([first.code, second.code]).toEqual([1, 0]);
    expect(second.stdout).toContain('start 2');
    expect(readFileSync(join(folder, 'kept/checkpoints/count'), 'utf8')).toBe('2');
  });

  it('train leaves everything of its user in the output folder unchanged', async () => {
    const folder = write(makeWorkspace(), {
      'out/container/opt/mine.txt': 'mine',
      'out/container/home/mine.txt': 'mine',
    });
    const train = [...TRAIN_SUM, '-o', 'out'];

    const done = await algo(folder, ...train);
    const failed = await algo(folder, ...train, '-p', 'behave=fail');

    expect([done.code, failed.code]).toEqual([0, 1]);
    expect(readFileSync(join(folder, 'out/container/opt/mine.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'out/container/home/mine.txt'), 'utf8')).toBe('mine');
    expect(readdirSync(join(folder, 'out')).filter((name) => name.startsWith('.container'))).toEqual([]);
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(true);
  });

  it('train sets a content type only if its user gave one', async () => {
    const folder = makeWorkspace();

    const { stdout } = await algo(folder, ...TRAIN_SUM, '--keep');

    const [, container] = /^Container: (.*)$/m.exec(stdout) ?? [];
    const config = readFileSync(join(container ?? '', 'input/config/inputdataconfig.json'), 'utf8');
    expect(JSON.parse(config)).toEqual({
      train: { TrainingInputMode: 'File', S3DistributionType: 'FullyReplicated', RecordWrapperType: 'None' },
    });
  });

  it('train continues if nobody reads its log any more', async () => {
    const folder = makeWorkspace();
    const job = start(folder, [...TRAIN_SUM, '-o', 'out']);

    job.child.stdout?.destroy();
    const { code, stderr } = await job.finished;

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(existsSync(join(folder, 'out/model.tar.gz'))).toBe(true);
  });

  it('train exits with 1 and the FailureReason', async () => {
    const folder = makeWorkspace();

    const { code, stderr } = await algo(folder, ...TRAIN_SUM, '-p', 'behave=fail', '-p', 'failure=no rows');

    expect({ code, stderr }).toEqual({ code: 1, stderr: 'algo: AlgorithmError: no rows\n' });
  });

  it('train stops on Ctrl-C like StopTrainingJob, and keeps the model', async () => {
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

  it('train ends immediately on a second Ctrl-C, and leaves no program running', async () => {
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

  it('transform counts the files that it sends unsplit', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":0}', 'in/a.csv': '1\n' });

    const { stdout } = await algo(folder, ...'transform sum -m model -i in -o out --split-type None'.split(' '));

    expect(stdout).toMatch(/^a\.csv: whole\nCompleted: 1 file in 1 request after/);
  });

  it('transform filters the files of a manifest, and joins them with their answers', async () => {
    const folder = write(makeWorkspace(), {
      'model/model.json': '{"sum":10}',
      'in/list': '[{"prefix":"../data/"},"b.csv"]',
      'data/a.csv': 'z,9\n',
      'data/b.csv': 'x,1,2\ny,3,4\n',
    });
    const options = '-m model -i in/list --data-type ManifestFile -o out --join-source Input';
    const filters = ['--input-filter', '$[1:]', '--output-filter', '$[0,-1]'];

    const { code, stdout } = await algo(folder, 'transform', 'sum', ...options.split(' '), ...filters);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^b\.csv: 2 records\nCompleted: 2 records in 1 request/);
    expect(readdirSync(join(folder, 'out'))).toEqual(['b.csv.out']);
    expect(readFileSync(join(folder, 'out/b.csv.out'), 'utf8')).toBe('x,13\ny,17\n');
  });

  it('transform exits with 1 and names the file that failed', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":0}', 'in/a.csv': '1\n', 'in/b.csv': '66\n' });

    const { code, stdout, stderr } = await algo(
      folder,
      'transform',
      'sum',
      '-m',
      'model',
      '-i',
      'in',
      '-o',
      'out',
      '-e',
      'REFUSE=66',
    );

    expect(code).toBe(1);
    expect(stdout).toMatch(/^b\.csv: failed: b\.csv, 1 record from line 1: the server answered 400/m);
    expect(stderr).toMatch(/^algo: 1 of 2 input files failed; the first cause: b\.csv/);
    expect(readdirSync(join(folder, 'out'))).toEqual(['a.csv.out']);
  });

  it('serve answers until Ctrl-C and exits with 0', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":1}' });
    const { child, finished, printed } = start(folder, ['serve', 'sum', '-m', 'model', '--port', '0']);

    const [, url, port] = await printed(/sum 1\.2\.3 serves (http:\/\/127\.0\.0\.1:(\d+)), \/ping 200 after/);
    const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '2\n' });
    const text = await answer.text();
    const second = await algo(folder, 'serve', 'sum', '-m', 'model', '--port', port!);
    child.kill('SIGINT');
    const { code } = await finished;

    expect(text).toBe('3');
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(/Port \d+ cannot be used: .*EADDRINUSE.*Choose another with --port/);
    expect(code).toBe(0);
  });

  it.each([
    ['keeps to the address it names', 'yes', [], false],
    ['says so when the program listens on others too', 'no', [], true],
    ['listens on all addresses with --host 0.0.0.0', 'yes', ['--host', '0.0.0.0'], false],
  ])('serve %s', async (_case, heedsHost, host, isWarned) => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":1}' });
    const variable = ['-e', `HEEDS_HOST=${heedsHost}`];
    const { child, finished, printed } = start(folder, [
      'serve',
      'sum',
      '-m',
      'model',
      '--port',
      '0',
      ...variable,
      ...host,
    ]);

    const [, address, port] = await printed(/serves http:\/\/([0-9.]+):(\d+),[\s\S]*\/invocations\n/);
    const elsewhere = await fetch(`http://127.0.0.2:${port}/ping`).then(
      ({ status }) => status,
      () => 'nobody',
    );
    child.kill('SIGTERM');
    const { stderr } = await finished;

    expect(address).toBe(host[1] ?? '127.0.0.1');
    expect(elsewhere).toBe(isWarned || host.length > 0 ? 200 : 'nobody');
    expect(stderr.includes('also listens on the other addresses of this machine')).toBe(isWarned);
  });

  it('serve exits with 1 if the server does not start, and prints the cause once', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":1}' });

    const { code, stdout, stderr } = await algo(
      folder,
      ...['serve', 'sum', '-m', 'model', '--port', '0', '-e', 'BEHAVE=exit'],
    );

    expect(code).toBe(1);
    expect(stdout).toBe('the model is of another algorithm\n');
    expect(stderr).toMatch(/exited with code 4 before \/ping answered 200\.\n$/);
  });

  it('serve prints why a model cannot be used, and no log line per ping', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{' });
    const algorithm = join(import.meta.dirname, '..', '..', '..', 'algorithms', 'linear-regression');

    const { code, stdout } = await algo(folder, 'serve', algorithm, '-m', 'model', '--port', '0');

    expect(code).toBe(1);
    expect(stdout.match(/E_MODEL: /g)).toHaveLength(1);
    expect(stdout.match(/GET \/ping 503/g)?.length).toBeLessThanOrEqual(1);
  });
});

describe('algo up', () => {
  it('serves the API until Ctrl-C, in a folder that a second one cannot have', async () => {
    const folder = makeWorkspace();
    const { child, finished, printed } = start(folder, ['up', '--port', '0']);

    const [, url] = await printed(/export AWS_ENDPOINT_URL=(http:\/\/127\.0\.0\.1:\d+)\n/);
    const answer = await fetch(url!, {
      method: 'POST',
      headers: { 'X-Amz-Target': 'SageMaker.ListModels' },
      body: '{}',
    });
    const second = await algo(folder, 'up', '--port', '0');
    child.kill('SIGINT');
    const { code } = await finished;

    expect(await answer.json()).toEqual({ Models: [] });
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining('is in use by another server') });
    expect(code).toBe(0);
  });

  it('takes the spot instance of one of its jobs away when asked, and says why it cannot', async () => {
    const folder = makeWorkspace();
    const { child, finished, printed } = start(folder, ['up', '--port', '0']);
    const [, port] = await printed(/export AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:(\d+)\n/);

    const refused = await algo(folder, 'interrupt', 'a b/c', '--port', port!);
    child.kill('SIGINT');
    await finished;
    const alone = await algo(folder, 'interrupt', 'job', '--port', port!);

    expect(refused).toMatchObject({ code: 1, stderr: 'algo: Requested resource not found.\n' });
    expect(alone.code).toBe(1);
    expect(alone.stderr).toContain(`There is no server at http://127.0.0.1:${port}. Start it with "algo up"`);
  });

  it.each([
    ['bash', 'export AWS_ENDPOINT_URL=http://127.0.0.1:7000'],
    ['fish', 'set -gx AWS_ENDPOINT_URL http://127.0.0.1:7000'],
    ['powershell', "$Env:AWS_ENDPOINT_URL = 'http://127.0.0.1:7000'"],
  ])('prints the variables for %s', async (shell, line) => {
    const { code, stdout } = await algo(makeWorkspace(), 'up', '--port', '7000', '--env', shell);

    expect(code).toBe(0);
    expect(stdout.split('\n')).toContain(line);
  });

  it('prints variables that a shell reads as they are meant, for clients that ask AWS by https too', async () => {
    const folder = makeWorkspace();
    const data = "it's $HOME";

    const { stdout } = await algo(folder, 'up', '--port', '7000', '--data', data, '--env', 'bash');
    const { stdout: read } = spawnSync('bash', ['-c', `${stdout}\nenv`], {
      env: { PATH: process.env.PATH },
      encoding: 'utf8',
    });

    const authority = join(realpathSync(folder), data, 'authority');
    expect(read.split('\n')).toEqual(
      expect.arrayContaining([
        'HTTPS_PROXY=http://127.0.0.1:7000',
        'NO_PROXY=127.0.0.1,localhost,::1,169.254.169.254,169.254.170.2',
        `AWS_CA_BUNDLE=${join(authority, 'bundle.pem')}`,
        `NODE_EXTRA_CA_CERTS=${join(authority, 'certificate.pem')}`,
      ]),
    );
  });

  it('removes jobs that ended long ago when asked, says what, and starts nothing', async () => {
    const folder = makeWorkspace();
    const { child, finished, printed } = start(folder, ['up', '--port', '0']);
    await printed(/export AWS_ENDPOINT_URL/);
    const inUse = await algo(folder, 'up', '--prune', '30d');
    child.kill('SIGINT');
    await finished;

    const pruned = await algo(folder, 'up', '--prune', '30d');
    const wrong = await algo(folder, 'up', '--prune', '30');

    expect(inUse).toMatchObject({ code: 2, stderr: expect.stringContaining('is in use by another server') });
    expect(pruned.code).toBe(0);
    expect(pruned.stdout).toMatch(
      /^Removed from .* what ended more than 30 days ago: 0 training jobs, 0 transform jobs, 0 tuning jobs, 0 lines/,
    );
    expect(wrong.stderr).toContain('It must be a number of days, such as 30d.');
  });

  it('refuses a quota that is none', async () => {
    const { code, stderr } = await algo(makeWorkspace(), 'up', '--quota', 'ml.m5.xlarge');

    expect(code).toBe(2);
    expect(stderr).toContain('It must be TYPE=COUNT, such as ml.m5.xlarge=2.');
  });
});

it('algo describe prints the definition as JSON', async () => {
  const { code, stdout } = await algo(makeWorkspace(), 'describe', 'sum');

  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ Name: 'sum', Version: '1.2.3' });
});

it('too old a Node is refused in one line that names the required version', () => {
  const folder = mkdtempSync(join(tmpdir(), 'algo-cli-'));
  onTestFinished(() => removeTree(folder));
  const entry = readFileSync(BIN, 'utf8').replace('NODE_MAJOR = 20;', 'NODE_MAJOR = 99;');
  write(folder, { 'bin/algo.mjs': entry });

  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, 'bin/algo.mjs'), 'describe', 'sum'], {
    encoding: 'utf8',
  });

  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toBe(`algo: Node must be 99 or newer; received ${process.versions.node}. Install a newer one.\n`);
});

describe('algo image', () => {
  it('exits with 2 for an unknown algorithm, listing the known ones', async () => {
    const { code, stderr } = await algo(makeWorkspace(), 'image', 'build', 'forest');

    expect(code).toBe(2);
    expect(stderr).toContain('"forest" is neither a folder nor an algorithm of the workspace. Known algorithms: sum.');
  });

  it.each([
    [['validate', '--image', 'sum'], '--image needs --runner container and exactly one algorithm.'],
    [['validate', '--runner', 'container', 'forest'], '"forest" is neither a folder'],
    [['validate', '--runner', 'rocket'], "argument 'rocket' is invalid. Allowed choices are process, container."],
    [['image', 'push-plan', 'sum'], "required option '--account <id>' not specified"],
    [['serve', 'sum'], '--model'],
    [['image', 'run', 'sum', '--port', 'x'], "argument 'x' is invalid. It must be an integer in [0, 65535]."],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await algo(makeWorkspace(), ...args);

    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});
