import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildImage, type ImageBuildRequest } from '../../src/index.js';
import { makeFolder, writeFiles } from '../scene.js';
import { installOnly } from './programs.js';

/** Builds with an engine that only notes the arguments of `build`; gives them. */
async function argumentsOf(
  name: 'docker' | 'podman' | 'buildah',
  script = '',
  change: Partial<ImageBuildRequest> = {},
  dockerfile = 'FROM scratch\n',
) {
  const context = writeFiles(makeFolder(), { 'algorithms/sum/Dockerfile': dockerfile });
  const log = join(context, 'arguments');
  installOnly({ [name]: `${script}\n[ "$1" = build ] && echo "$@" > "${log}"` });
  const folder = join(context, 'algorithms', 'sum');
  await buildImage({ engine: { name, version: '1' }, folder, context, image: 'sum', ...change });
  return readFileSync(log, 'utf8').trim();
}

const COMMON = '--platform linux/amd64 --file algorithms/sum/Dockerfile --tag sum';

describe('an image is built as one manifest of Docker’s type', () => {
  it('by docker with BuildKit: without attestations', async () => {
    const hasBuildKit = '[ "$1" = buildx ] && exit 0';

    expect(await argumentsOf('docker', hasBuildKit)).toBe(
      `build ${COMMON} --provenance=false --sbom=false --output type=docker .`,
    );
  });

  it('by docker without BuildKit, which has none of these options', async () => {
    expect(await argumentsOf('docker', '[ "$1" = buildx ] && exit 1')).toBe(`build ${COMMON} .`);
  });

  it.each(['podman', 'buildah'] as const)('by %s: in its format docker', async (name) => {
    expect(await argumentsOf(name, '', { pull: 'never' })).toBe(
      `build --layers --format docker ${COMMON} --pull=never .`,
    );
  });
});

it('a target and --no-cache are passed to the engine', async () => {
  const change = { target: 'gpu', hasNoCache: true, image: 'sum:gpu' };

  expect(await argumentsOf('podman', '', change)).toContain('--tag sum:gpu --target gpu --no-cache');
});

it('all of Debian is an argument of the build', async () => {
  const dockerfile = 'FROM debian AS system\nARG SYSTEM=minimal\nRUN sh /stage-system.sh /stage\n';

  expect(await argumentsOf('podman', '', { system: 'full' }, dockerfile)).toContain(' --build-arg SYSTEM=full ');
});

it('all of Debian is refused where the Dockerfile would ignore it', async () => {
  await expect(argumentsOf('podman', '', { system: 'full' })).rejects.toThrow(
    /sum\/Dockerfile must have the line "ARG SYSTEM=minimal" before it runs stage-system\.sh, .* it has none/,
  );
});

it('docker and --pull never exclude each other', async () => {
  await expect(argumentsOf('docker', '', { pull: 'never' })).rejects.toThrow(/docker cannot build with --pull never/);
});

it("podman's warning about arguments of its own is left out", async () => {
  const lines: string[] = [];
  const warning = '[Warning] one or more build args were not consumed:';

  const said = `echo "${warning} [TARGETARCH TARGETOS TARGETPLATFORM]" >&2; echo "${warning} [VERSION]" >&2`;
  await argumentsOf('podman', said, { onLine: (line) => lines.push(line) });

  expect(lines).toEqual([`${warning} [VERSION]`]);
});

it('a failing build ends with its last lines', async () => {
  await expect(argumentsOf('podman', 'echo STEP 3; echo no space left >&2; exit 125')).rejects.toThrow(
    /podman could not build algorithms\/sum\/Dockerfile\. Its last lines:[\s\S]*no space left/,
  );
});

it('a name that would be an option of the engine is refused', async () => {
  await expect(argumentsOf('podman', '', { image: '--squash' })).rejects.toThrow(
    /An image must be .*received "--squash"/,
  );
});
