/**
 * An image as a program: how its containers are run. They get what a buyer's job gets: no outbound network, a read-only
 * root file system, a small /dev/shm, a limit on memory and CPUs, none of the caller's variables. A seller's own image may
 * have the engine's network instead, and a root file system that it can write to, as on the platform.
 */
import { availableParallelism } from 'node:os';
import { ArgumentError } from '../errors.js';
import { callEngine, type Engine } from './engine.js';
import { checkImageReference } from './image-reference.js';
import { ownLabel } from './leftovers.js';
import { openSandbox, type Sandbox } from './sandbox.js';

export interface ImageProgram {
  readonly engine: Engine;
  /** As the engine knows it. */
  readonly image: string;
  /** Its name in messages: the image. */
  readonly file: string;
  /** The algorithm's folder; its sample data is found next to it. */
  readonly folder: string;
  /** The network of its servers, one at a time, which leads nowhere and counts what they try. */
  readonly sandbox: Sandbox | undefined;
  /** The engine's own network, which leads outside. Without it and a sandbox, there is no network. */
  readonly hasNetwork: boolean;
  readonly limits: ContainerLimits;
  /** Whose containers they are, for removeLeftovers. */
  readonly owner: string | undefined;
}

export interface ContainerLimits {
  /** Undefined: those of the machine. */
  readonly memoryBytes: number | undefined;
  readonly cpus: number | undefined;
  /** Size of /dev/shm; a user of the platform cannot set it. */
  readonly sharedMemoryBytes: number;
  /** `uid:gid`; default: the image's, which is root. */
  readonly user?: string;
  /** All capabilities are dropped; otherwise the engine's own set is left, as on the platform. */
  readonly hasNoCapabilities?: boolean;
  /** The root file system can be written to, as on the platform. Without it an image shows that it needs only /tmp. */
  readonly hasWritableRoot?: boolean;
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
  /** Default `sandbox`: none, but for servers that this machine reaches. `none`: there are no servers. `engine`: the engine's. */
  readonly network?: 'sandbox' | 'none' | 'engine';
  /** Letters and digits: its containers have it as a label, so that removeLeftovers finds them. */
  readonly owner?: string | undefined;
}

/**
 * An image as a program that can be trained, served and validated. Close its sandbox at the end, if it has one.
 * @throws ArgumentError when that is no name of an image, or the engine has no such image
 * @throws JobError when the sandbox cannot be made
 */
export async function openImageProgram(request: OpenImageRequest): Promise<ImageProgram> {
  const { engine, image, folder, keeperImage = image, limits, network = 'sandbox', owner } = request;
  checkImageReference(image);
  try {
    await callEngine(engine, ['image', 'inspect', image]);
  } catch (error) {
    const hint = 'Build it first, "algo image build NAME", or push it to the registry.';
    throw new ArgumentError(`${engine.name} has no image "${image}". ${hint}`, { cause: error });
  }
  const sandbox = network === 'sandbox' ? await openSandbox(engine, keeperImage, owner) : undefined;
  const hasNetwork = network === 'engine';
  return { engine, image, file: image, folder, sandbox, hasNetwork, limits: { ...DEFAULT_LIMITS, ...limits }, owner };
}

/**
 * `run` with everything but the mounts, the variables and the image.
 * @param network in place of the program's own
 */
export function sandboxArguments(
  { engine, sandbox, hasNetwork, limits, owner }: ImageProgram,
  network?: readonly string[],
): readonly string[] {
  const isolation = network ?? (hasNetwork ? [] : (sandbox?.runArguments ?? ['--network', 'none']));
  const { memoryBytes, cpus, sharedMemoryBytes, user, hasNoCapabilities, hasWritableRoot } = limits;
  return [
    ...['run', '--rm', '--pull', 'never', ...ownLabel(owner), ...isolation],
    // The attached command gives us the log; the engine would keep a second one, of any size.
    ...['--log-driver', 'none'],
    ...(hasWritableRoot ? [] : ['--read-only', '--tmpfs', '/tmp:rw,mode=1777']),
    ...(memoryBytes === undefined ? [] : ['--memory', String(memoryBytes), '--memory-swap', String(memoryBytes)]),
    ...(cpus === undefined ? [] : ['--cpus', String(cpus)]),
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
