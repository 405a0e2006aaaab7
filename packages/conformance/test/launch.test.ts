/** Rules about an image's configuration, with a program in the place of an engine. */
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeTree } from '@algo/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Lab } from '../src/lab/lab.js';
import { LAUNCH_RULES } from '../src/rules/launch.js';
import { Broken } from '../src/verdict.js';

/** What the rules see of an image with this configuration. */
function labOf(config: unknown, architecture = 'amd64'): Lab {
  const folder = mkdtempSync(join(tmpdir(), 'algo-engine-'));
  onTestFinished(() => removeTree(folder));
  const engine = join(folder, 'podman');
  const inspected = JSON.stringify([{ Os: 'linux', Architecture: architecture, Config: config }]);
  writeFileSync(engine, `#!/bin/sh\ncat <<'END'\n${inspected}\nEND\n`);
  chmodSync(engine, 0o755);
  return { program: { engine: { name: engine }, image: 'any' } } as unknown as Lab;
}

function check(id: string, lab: Lab): Promise<string> {
  return LAUNCH_RULES.find((rule) => rule.id === id)!.check(lab);
}

describe('an image', () => {
  it.each([
    ['launch.exec-form', { Entrypoint: ['/bin/sh', '-c', 'python /opt/program.py'] }, 'amd64', 'the shell form'],
    ['launch.exec-form', { Entrypoint: 'python /opt/program.py' }, 'amd64', 'the shell form'],
    ['launch.no-init', { Entrypoint: ['/usr/bin/tini', '--', 'python'] }, 'amd64', '"/usr/bin/tini"'],
    ['launch.platform', {}, 'arm64', 'the image is of linux/arm64'],
  ])('breaks %s with the configuration %j', async (id, config, architecture, message) => {
    const checked = check(id, labOf(config, architecture));

    await expect(checked).rejects.toThrow(Broken);
    await expect(checked).rejects.toThrow(message);
  });

  it('keeps the three with an ENTRYPOINT in the exec form, or with none', async () => {
    const ids = ['launch.exec-form', 'launch.no-init', 'launch.platform'];

    for (const config of [{ Entrypoint: ['/opt/program', '--log', '-c'] }, { Entrypoint: null }, {}]) {
      for (const id of ids) await expect(check(id, labOf(config))).resolves.toBeTypeOf('string');
    }
  });
});
