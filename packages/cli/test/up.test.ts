/** `algo up`: its server, its variables and its rules; what the server answers is tested in @algo/api. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algoHere, BIN, makeWorkspace, start, write } from './support/command.js';

/** Of a bash that has evaluated what `algo up` with the options prints, and what it printed to stderr. */
function variablesOf(
  folder: string,
  options: readonly string[],
  own: NodeJS.ProcessEnv = {},
): { readonly [name: string]: string; readonly stderr: string } {
  const command = 'eval "$("$@")" && exec env -u PWD -u SHLVL -u _ -u OLDPWD';
  const { stdout, stderr } = spawnSync(
    'bash',
    ['--norc', '-c', command, '-', process.execPath, BIN, 'up', ...options],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, ...own },
      encoding: 'utf8',
    },
  );
  const pairs = stdout.split('\n').filter(Boolean);
  const read = pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
  return { ...Object.fromEntries(read), stderr };
}

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
    const second = await algoHere(folder, 'up', '--port', '0');
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

    const refused = await algoHere(folder, 'interrupt', 'a b/c', '--port', port!);
    child.kill('SIGINT');
    await finished;
    const alone = await algoHere(folder, 'interrupt', 'job', '--port', port!);

    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('algo: There is no training job "a b/c" here.'),
    });
    expect(alone.code).toBe(1);
    expect(alone.stderr).toContain(`There is no server at http://127.0.0.1:${port}. Start it with "algo up"`);
  });

  it.each([
    ['bash', 'export AWS_ENDPOINT_URL=http://127.0.0.1:7000'],
    ['fish', 'set -gx AWS_ENDPOINT_URL http://127.0.0.1:7000'],
    ['powershell', "$Env:AWS_ENDPOINT_URL = 'http://127.0.0.1:7000'"],
  ])('prints the variables for %s', async (shell, line) => {
    const { code, stdout } = await algoHere(makeWorkspace(), 'up', '--port', '7000', '--env', shell);

    expect(code).toBe(0);
    expect(stdout.split('\n')).toContain(line);
  });

  it('prints variables that a shell reads as they are meant, for clients that ask AWS by https too', async () => {
    const folder = makeWorkspace();
    const data = "it's $HOME";

    const { stdout } = await algoHere(folder, 'up', '--port', '7000', '--data', data, '--env', 'bash');
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

  it('gives proxies to programs that prefer their variables in lower case, and in upper case', () => {
    const read = variablesOf(makeWorkspace(), ['--env', 'bash']);

    for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
      expect(read[name]).toBe('http://127.0.0.1:4580');
    }
    expect(read.no_proxy).toBe(read.NO_PROXY);
  });

  it("keeps the user's own NO_PROXY, but for names of AWS, and says which proxies it replaces", () => {
    const own = {
      https_proxy: 'http://me:secret@corp.example:3128',
      NO_PROXY: 'git.corp.example,.amazonaws.com,*',
      no_proxy: '10.0.0.0/8 git.corp.example',
    };

    const { stderr, ...read } = variablesOf(makeWorkspace(), ['--env', 'bash'], own);

    expect(read.NO_PROXY).toBe('127.0.0.1,localhost,::1,169.254.169.254,169.254.170.2,10.0.0.0/8,git.corp.example');
    expect(stderr).toContain('Replaced: https_proxy=http://corp.example:3128. Start "algo up" with it');
  });

  it("leaves the user's own proxies with --no-proxy, and keeps loopback from them", () => {
    const own = { HTTPS_PROXY: 'http://corp.example:3128' };

    const { stderr, ...read } = variablesOf(makeWorkspace(), ['--env', 'bash', '--no-proxy'], own);

    expect(read).toMatchObject({ ...own, AWS_ENDPOINT_URL: 'http://127.0.0.1:4580', AWS_REGION: 'us-east-1' });
    expect(read.no_proxy).toMatch(/^127\.0\.0\.1,localhost,/);
    expect(read).not.toHaveProperty('https_proxy');
    expect(read).not.toHaveProperty('AWS_CA_BUNDLE');
    expect(stderr).toBe('');
  });

  it.each([[[]], [['--no-proxy']], [['--host', '10.0.0.5']]])(
    'removes with --unset all that it set with %j',
    (options) => {
      const folder = makeWorkspace();
      const before = { NO_PROXY: 'git.corp.example', no_proxy: 'git.corp.example' };
      const set = variablesOf(folder, ['--env', 'bash', ...options], before);

      const read = variablesOf(folder, ['--env', 'bash', ...options, '--unset'], set);

      expect(set).toHaveProperty('AWS_ENDPOINT_URL');
      expect(read).toEqual({ PATH: process.env.PATH, stderr: '', ...before });
    },
  );

  it('says in its last line how to undo the variables, and wants a shell for that', async () => {
    const folder = makeWorkspace();

    const printed = await algoHere(folder, 'up', '--env', 'fish');
    const elsewhere = await algoHere(folder, 'up', '--host', '10.0.0.5', '--env', 'fish');
    const alone = await algoHere(folder, 'up', '--unset');

    expect(printed.stdout).toMatch(/\n# "npx algo up --env fish --unset" prints what undoes this\.\n$/);
    expect(elsewhere.stdout).toContain('"npx algo up --env fish --host 10.0.0.5 --unset"');
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining('--unset must come with --env SHELL') });
  });

  it('removes jobs that ended long ago when asked, says what, and starts nothing', async () => {
    const folder = makeWorkspace();
    const { child, finished, printed } = start(folder, ['up', '--port', '0']);
    await printed(/export AWS_ENDPOINT_URL/);
    const inUse = await algoHere(folder, 'up', '--prune', '30d');
    child.kill('SIGINT');
    await finished;

    const pruned = await algoHere(folder, 'up', '--prune', '30d');
    const wrong = await algoHere(folder, 'up', '--prune', '30');

    expect(inUse).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'is in use by another server. If that is your own "algo up", stop it with Ctrl-C',
      ),
    });
    expect(pruned.code).toBe(0);
    expect(pruned.stdout).toMatch(
      /^Removed nothing from .*: it has no job that ended more than 30 days ago and .*\.\n$/,
    );
    expect(wrong.stderr).toContain('It must be a number of days, such as 30d.');
  });

  it.each([
    ['a new folder where none can be made', '/proc/x', /Data folder \/proc\/x must be a writable folder/],
    ['an existing one that cannot be written', '/proc', /Data folder \/proc must be a writable folder/],
    ['a file', 'file', /Data folder: .*file must be a folder; it is a file/],
    ['a file for a folder above', 'file/x', /Data folder .*file\/x must be a writable folder: not a directory/],
    [
      'a database that is none',
      'data',
      /data must have a database that can be read and written: file is not a database/,
    ],
  ])('refuses %s as its data folder', async (_case, data, message) => {
    const folder = write(makeWorkspace(), { file: '', 'data/state.db': 'no database'.repeat(100) });

    const { code, stderr } = await algoHere(folder, 'up', '--port', '0', '--data', data);

    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });

  it('refuses a quota that is none', async () => {
    const { code, stderr } = await algoHere(makeWorkspace(), 'up', '--quota', 'ml.m5.xlarge');

    expect(code).toBe(2);
    expect(stderr).toContain('It must be TYPE=COUNT, such as ml.m5.xlarge=2.');
  });
});
