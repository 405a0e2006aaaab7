/** `algo serve`. One that serves is a process of its own: needs `npm run build`. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { algoHere, makeWorkspace, start, write } from './support/command.js';

describe('algo serve', () => {
  it('answers until Ctrl-C and exits with 0', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":1}' });
    const { child, finished, printed } = start(folder, ['serve', 'sum', '-m', 'model', '--port', '0']);

    const [, url, port] = await printed(/sum 1\.2\.3 serves (http:\/\/127\.0\.0\.1:(\d+)), \/ping 200 after/);
    const answer = await fetch(`${url}/invocations`, { method: 'POST', body: '2\n' });
    const text = await answer.text();
    const second = await algoHere(folder, 'serve', 'sum', '-m', 'model', '--port', port!);
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
  ])('%s', async (_case, heedsHost, host, isWarned) => {
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

  it('exits with 1 if the server does not start, and prints the cause once', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":1}' });

    const { code, stdout, stderr } = await algoHere(
      folder,
      ...['serve', 'sum', '-m', 'model', '--port', '0', '-e', 'BEHAVE=exit'],
    );

    expect(code).toBe(1);
    expect(stdout).toBe('the model is of another algorithm\n');
    expect(stderr).toMatch(/exited with code 4 before \/ping answered 200\.\n$/);
  });

  it('serves many models, which requests load, with SAGEMAKER_MULTI_MODEL', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{"sum":1}' });
    const algorithm = join(import.meta.dirname, '..', '..', '..', 'algorithms', 'linear-regression');
    const many = ['serve', algorithm, '--port', '0', '-e', 'SAGEMAKER_MULTI_MODEL=true'];
    const { child, finished, printed } = start(folder, many);

    const [, url] = await printed(/serves (http:\/\/[\d.:]+),[\s\S]*\/models\n[\s\S]*\/models\/a\/invoke\n/);
    const models = await (await fetch(`${url}/models`)).json();
    const withModel = await algoHere(folder, ...many, '-m', 'model');
    child.kill('SIGINT');
    const { code } = await finished;

    expect(models).toMatchObject({ models: [] });
    expect(withModel.code).toBe(2);
    expect(withModel.stderr).toMatch(
      /With SAGEMAKER_MULTI_MODEL models are loaded by POST \/models: leave out --model\.$/m,
    );
    expect(code).toBe(0);
  });

  it('prints why a model cannot be used, and no log line per ping', async () => {
    const folder = write(makeWorkspace(), { 'model/model.json': '{' });
    const algorithm = join(import.meta.dirname, '..', '..', '..', 'algorithms', 'linear-regression');

    const { code, stdout } = await algoHere(folder, 'serve', algorithm, '-m', 'model', '--port', '0');

    expect(code).toBe(1);
    expect(stdout.match(/E_MODEL: /g)).toHaveLength(1);
    expect(stdout.match(/GET \/ping 503/g)?.length).toBeLessThanOrEqual(1);
  });
});
