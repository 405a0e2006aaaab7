/**
 * An image as a program: how its containers are run. They get what a buyer's job gets: no outbound network, a read-only
 * root file system, a small /dev/shm, a limit on memory and CPUs, none of the caller's variables.
 */
import { availableParallelism } from 'node:os';
import { ArgumentError } from '../errors.js';
import { callEngine, type Engine } from './engine.js';
import { openSandbox, type Sandbox } from './sandbox.js';

export interface ImageProgram {
  readonly engine: Engine;
  /** As the engine knows it. */
  readonly image: string;
  /** Its name in messages: the image. */
  readonly file: string;
  /** The algorithm's folder; its sample data is found next to it. */
  readonly folder: string;
  /** The network its containers have; one server at a time. */
  readonly sandbox: Sandbox;
  readonly limits: ContainerLimits;
}

export interface ContainerLimits {
  readonly memoryBytes: number;
  readonly cpus: number;
  /** Size of /dev/shm; a user of the platform cannot set it. */
  readonly sharedMemoryBytes: number;
  /** `uid:gid`; default: the image's, which is root. */
  readonly user?: string;
  /** All capabilities are dropped; otherwise the engine's own set is left, as on the platform. */
  readonly hasNoCapabilities?: boolean;
}

const MIB = 1024 * 1024;

/** Of the smallest instance of SageMaker's lists, ml.t2.medium: 2 CPUs, 4 GiB; Docker's own /dev/shm. */
const DEFAULT_LIMITS: ContainerLimits = {
  memoryBytes: 4096 * MIB,
  cpus: Math.min(2, availableParallelism()),
  sharedMemoryBytes: 64 * MIB,
};

export interface OpenImageRequest {
  readonly engine: Engine;
  readonly image: string;
  readonly folder: string;
  /** Image of the network's keeper, which needs Node; default: the image itself. */
  readonly keeperImage?: string;
  readonly limits?: Partial<ContainerLimits>;
}

/**
 * An image as a program that can be trained, served and validated. Close its sandbox at the end.
 * @throws ArgumentError when the engine has no such image
 * @throws JobError when the sandbox cannot be made
 */
export async function openImageProgram(request: OpenImageRequest): Promise<ImageProgram> {
  const { engine, image, folder, keeperImage = image, limits } = request;
  try {
    await callEngine(engine, ['image', 'inspect', image]);
  } catch (error) {
    const hint = 'Build it first: "algo image build NAME".';
    throw new ArgumentError(`${engine.name} has no image "${image}". ${hint}`, { cause: error });
  }
  const sandbox = await openSandbox(engine, keeperImage);
  return { engine, image, file: image, folder, sandbox, limits: { ...DEFAULT_LIMITS, ...limits } };
}

/** `run` with everything but the mounts, the variables and the image. */
export function sandboxArguments({ engine, sandbox, limits }: ImageProgram): readonly string[] {
  const { memoryBytes, cpus, sharedMemoryBytes, user, hasNoCapabilities } = limits;
  return [
    ...['run', '--rm', ...sandbox.runArguments],
    ...['--read-only', '--tmpfs', '/tmp:rw,mode=1777'],
    ...['--memory', String(memoryBytes), '--memory-swap', String(memoryBytes), '--cpus', String(cpus)],
    ...['--shm-size', String(sharedMemoryBytes), '--security-opt', 'no-new-privileges'],
    ...(user === undefined ? [] : ['--user', user]),
    ...(hasNoCapabilities ? ['--cap-drop', 'ALL'] : []),
    // Podman would pass the caller's proxies, and makes more of the read-only root writable than docker.
    ...(engine.name === 'podman' ? ['--http-proxy=false', '--read-only-tmpfs=false'] : []),
  ];
}

/** The engine's arguments that print the image's description. */
export function describeArguments(program: ImageProgram): readonly string[] {
  return [...sandboxArguments(program), program.image, 'describe'];
}
