/** pip from the index of pip's own configuration, and from no other; the index is one of this test's own. */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

const FOLDER = join(import.meta.dirname, '..', 'python');
const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Runs lines of Python with the helper at hand as `pip`; what they print. */
async function python(lines: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn('python3', ['-c', `import install_pip as pip\n${lines}`], {
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      PYTHONPATH: FOLDER,
      PYTHONDONTWRITEBYTECODE: '1',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return output.trim();
}

/** An index with two wheels of pip; serves them with the digest of `digested`. */
async function startIndex(digested: string): Promise<string> {
  const digest = createHash('sha256').update(digested).digest('hex');
  const server = createServer((request, response) => {
    if (request.url === '/simple/pip/') {
      const names = ['pip-9.0-py3-none-any.whl', 'pip-26.1-py3-none-any.whl', 'pip-26.1.tar.gz'];
      response.end(names.map((name) => `<a href="../../files/${name}#sha256=${digest}">${name}</a>`).join('\n'));
    } else response.end(`content of ${request.url}`);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/simple`;
}

describe.skipIf(!hasPython)('pip for a virtual environment (skipped without python3)', () => {
  const INSTALL = 'pip.install = lambda path: print(open(path).read())\npip.from_index()';

  it('is the newest wheel of the index in PIP_INDEX_URL', async () => {
    const index = await startIndex('content of /files/pip-26.1-py3-none-any.whl');

    expect(await python(INSTALL, { PIP_INDEX_URL: index })).toBe('content of /files/pip-26.1-py3-none-any.whl');
  });

  it("is from the index in pip's configuration file", async () => {
    const index = await startIndex('content of /files/pip-26.1-py3-none-any.whl');
    const folder = mkdtempSync(join(tmpdir(), 'install-pip-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'pip.conf'), `[global]\nindex-url = ${index}/\n`);

    const output = await python(INSTALL, { PIP_CONFIG_FILE: join(folder, 'pip.conf') });

    expect(output).toBe('content of /files/pip-26.1-py3-none-any.whl');
  });

  it('is refused if its digest differs from the index', async () => {
    const index = await startIndex('another content');

    expect(await python(INSTALL, { PIP_INDEX_URL: index })).toMatch(
      /pip-26\.1-py3-none-any\.whl.* must have the digest that its index gives; it has another one\.$/,
    );
  });

  it('is never downloaded from an index that is not configured', async () => {
    const lines = 'pip.read = lambda url: print("read", url)\nprint(pip.from_index())';

    expect(await python(lines, { PIP_CONFIG_FILE: '/nonexistent' })).toBe('False');
  });
});
