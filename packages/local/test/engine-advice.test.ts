/** Messages of container engines, as runc and crun write them. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callEngine } from '../src/container/engine.js';
import { adviceOn } from '../src/container/engine-advice.js';
import { openSandbox } from '../src/container/sandbox.js';
import { makeFolder } from './scene.js';

const RUNC =
  'Error: runc: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted: OCI permission denied';
const ADVICE =
  'The engine may not set the limit nofile (open files) of a container as high as it is configured. Set it in containers.conf, no higher than "ulimit -Hn" says: [containers] default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"].';

describe('the advice on a message of a container engine', () => {
  it.each([
    [RUNC, ADVICE],
    ['Error: crun: setrlimit `RLIMIT_NOFILE`: Operation not permitted: OCI permission denied', ADVICE],
    ['Error: crun: setrlimit `RLIMIT_NPROC`: Operation not permitted', 'limit nproc (processes) of a container'],
    ['runc create failed: exec: "node": executable file not found in $PATH: unknown.', 'The image has no "node"'],
    ['Error: crun: executable file `node` not found in $PATH: No such file', 'run it without isolation'],
    ['error setting rlimit type 8: operation not permitted', 'limit number 8 of a container'],
  ])('says what to do: %s', (said, advice) => {
    expect(adviceOn(said)).toContain(advice);
  });

  it('is none for any other message', () => {
    expect(adviceOn('Error: no such image')).toBeUndefined();
  });
});

describe('an engine that may not set a limit', () => {
  afterEach(() => vi.unstubAllEnvs());

  /** A program in the engine's place that fails as the engine does. */
  const fakeEngine = () => {
    const folder = makeFolder();
    writeFileSync(join(folder, 'podman'), `#!/bin/sh\necho '${RUNC}' >&2\nexit 126\n`);
    chmodSync(join(folder, 'podman'), 0o755);
    vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
    return { name: 'podman', version: '4.3.1' } as const;
  };

  it('ends a sandbox with the advice in place of its message', async () => {
    await expect(openSandbox(fakeEngine(), 'any')).rejects.toThrow(
      `The network keeper exited before it was ready. ${ADVICE}`,
    );
  });

  it('ends any other command with it, too', async () => {
    await expect(callEngine(fakeEngine(), ['build', '.'])).rejects.toThrow(`podman build failed: ${ADVICE}`);
  });
});
