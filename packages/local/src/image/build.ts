/**
 * Building an algorithm's image: one platform and one manifest of Docker's type, whichever engine does it. SageMaker
 * refuses an index and OCI's manifest; BuildKit makes the one as soon as it adds attestations, and the other by default.
 * Sources: aws/amazon-sagemaker-feedback#180; moby/buildkit#5480.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { callEngine, type Engine } from '../container/engine.js';
import { checkImageReference } from '../container/image-reference.js';
import { ArgumentError, JobError, reasonOf } from '../errors.js';

export interface ImageBuildRequest {
  readonly engine: Engine;
  /** The algorithm's folder, with its Dockerfile. */
  readonly folder: string;
  /** The folder that the Dockerfile's paths start at. */
  readonly context: string;
  readonly image: string;
  /** Stage to build; default: the last one. */
  readonly target?: string | undefined;
  /** `full`: on all of Debian slim instead of the part that Node needs. The Dockerfile has the build argument SYSTEM. */
  readonly system?: 'minimal' | 'full' | undefined;
  /** `never` and `always` of podman and buildah; docker knows `missing` and `always`. */
  readonly pull?: 'missing' | 'always' | 'never' | undefined;
  readonly hasNoCache?: boolean | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * @throws ArgumentError when there is no Dockerfile, it does not know the system asked for, or an image cannot have the name
 * @throws JobError when the build fails, with its last lines
 */
export async function buildImage(request: ImageBuildRequest): Promise<void> {
  const { engine, folder, context, image, onLine } = request;
  checkImageReference(image);
  const file = join(folder, 'Dockerfile');
  if (!existsSync(file)) throw new ArgumentError(`There is no ${file}. Write one, or choose another algorithm.`);
  if (request.system !== undefined) requireSystem(file);
  const args = await buildArguments(request);
  const child = spawn(engine.name, args, { cwd: context, stdio: ['ignore', 'pipe', 'pipe'] });
  const last: string[] = [];
  // It has no streams where there are no descriptors left for them.
  for (const input of [child.stdout, child.stderr].filter(Boolean)) {
    createInterface({ input }).on('line', (line) => {
      if (OWN_ARGUMENTS.test(line)) return;
      last.push(line);
      if (last.length > 15) last.shift();
      onLine?.(line);
    });
  }
  try {
    await once(child, 'close');
  } catch (error) {
    throw new JobError(`${engine.name} could not be started: ${reasonOf(error)}.`, { cause: error });
  }
  if (child.exitCode === 0) return;
  const said = onLine ? '' : ` Its last lines:\n${last.join('\n')}`;
  throw new JobError(`${engine.name} could not build ${relative(context, file)}.${said}`);
}

// --- internal ---

/** podman gives each build arguments of its own for the platform, and warns where the Dockerfile uses none of them. */
const OWN_ARGUMENTS = /^\[Warning\] one or more build args were not consumed: \[(TARGET[A-Z]+ ?)+\]$/;

/** An engine only warns of an argument that no stage uses, and would build the other system. */
function requireSystem(file: string): void {
  if (/^ARG SYSTEM\b/m.test(readFileSync(file, 'utf8'))) return;
  throw new ArgumentError(
    `${file} must have the line "ARG SYSTEM=minimal" before it runs stage-system.sh, which reads it; it has none.`,
  );
}

async function buildArguments(request: ImageBuildRequest): Promise<readonly string[]> {
  const { engine, folder, context, image, target, system, pull, hasNoCache } = request;
  const common = [
    ...['--platform', 'linux/amd64', '--file', join(relative(context, folder) || '.', 'Dockerfile'), '--tag', image],
    ...(target === undefined ? [] : ['--target', target]),
    ...(system === undefined ? [] : ['--build-arg', `SYSTEM=${system}`]),
    ...(hasNoCache ? ['--no-cache'] : []),
  ];
  if (engine.name === 'docker') {
    if (pull === 'never') throw new ArgumentError('docker cannot build with --pull never; leave it out.');
    const single = ['--provenance=false', '--sbom=false', '--output', 'type=docker'];
    const options = (await hasBuildKit(engine)) ? single : []; // the builder before it makes nothing else
    return ['build', ...common, ...options, ...(pull === 'always' ? ['--pull'] : []), '.'];
  }
  return ['build', '--layers', '--format', 'docker', ...common, ...(pull === undefined ? [] : [`--pull=${pull}`]), '.'];
}

async function hasBuildKit(engine: Engine): Promise<boolean> {
  return callEngine(engine, ['buildx', 'version']).then(
    () => true,
    () => false,
  );
}
