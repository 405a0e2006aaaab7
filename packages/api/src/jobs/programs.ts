/**
 * Which program an image name means.
 *
 * Process runner: the last part of the repository's name, without registry, tag and digest, is the folder of an algorithm:
 * `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/linear-regression:1.0.0` is `<algorithms>/linear-regression`. The tag
 * is recorded and not compared: what runs is what has been built in that folder.
 *
 * Container runner: the image of that name in this server's registry, else in the engine (docker or podman), and where it has
 * none the one of the repository's last part with the same tag.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import {
  type Engine,
  type EngineName,
  isImageReference,
  locateProgram,
  openImageProgram,
  type Program,
  pullLocalImage,
} from '@algo/local';

/** A program, ready to be started until it is closed. */
export interface OpenProgram {
  readonly program: Program;
  close(): Promise<void>;
}

/** How the containers of an image are run; a process is run as it is. */
export interface OpenOptions {
  /** Without a network, as EnableNetworkIsolation says. */
  readonly isIsolated: boolean;
  /** It is reached at a port. To isolate its image takes a Node in it. */
  readonly isServer: boolean;
  /** The image's name in a registry on this machine, if there is one that has it. */
  readonly pulled?: string | undefined;
  /** Whose containers they are. */
  readonly owner?: string | undefined;
}

export interface Programs {
  /** Whose containers run the programs, if they are images. */
  readonly engine?: EngineName;
  /** Undefined when the image can be opened, else a sentence that says why it cannot. Starts nothing. */
  problem(image: string): string | undefined;
  /** @throws ArgumentError or JobError when it cannot be opened */
  open(image: string, options: OpenOptions): Promise<OpenProgram>;
  /** The image by its digest, where a tag that may move names it; absent or undefined: it has no other name. */
  resolve?(image: string): string | undefined;
  /** Of algorithms whose images can be named, with their folders. */
  algorithms(): readonly KnownAlgorithm[];
}

export interface KnownAlgorithm {
  /** The last part of its images' names. */
  readonly name: string;
  readonly folder: string;
}

/** Programs of this machine, in folders below `folder`. */
export function processPrograms(folder: string): Programs {
  const locate = (image: string) => locateProgram(join(folder, repositoryOf(image)));
  return {
    problem(image) {
      const name = repositoryOf(image);
      const known = algorithmsIn(folder);
      if (!known.includes(name)) {
        return `Image "${image}" must name an algorithm in ${folder}: ${known.join(', ') || 'there is none'}.`;
      }
      try {
        locate(image);
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    },
    async open(image) {
      return { program: locate(image), close: async () => undefined };
    },
    algorithms: () => knownIn(folder),
  };
}

/** An instance type is a name here, so that a job may have what the machine has. */
const LIMITS = { hasWritableRoot: true, memoryBytes: undefined, cpus: undefined };

/** Images of an engine. Each open program that is isolated has a network of its own. */
export function containerPrograms(engine: Engine, folder: string): Programs {
  return {
    engine: engine.name,
    problem: (image) =>
      isImageReference(image)
        ? undefined
        : `Image "${image}" must be [HOST[:PORT]/]PATH[:TAG][@sha256:HEX] with a path in lower case.`,
    async open(image, { isIsolated, isServer, pulled, owner }) {
      const network = !isIsolated ? 'engine' : isServer ? 'sandbox' : 'none';
      const open = (name: string) =>
        openImageProgram({
          ...{ engine, image: name, folder: join(folder, repositoryOf(image)) },
          ...{ network, owner, limits: LIMITS },
        });
      if (pulled !== undefined) await pullLocalImage(engine, pulled);
      const local = `${repositoryOf(image)}:${tagOf(image)}`;
      const program = await open(pulled ?? image).catch((error) =>
        open(local).catch(() => {
          throw error;
        }),
      );
      return { program, close: async () => program.sandbox?.close() };
    },
    algorithms: () => knownIn(folder),
  };
}

// --- internal ---

/** The last part of the repository: no slash, so it cannot lead out of the folder; `..` is no repository's name. */
function repositoryOf(image: string): string {
  return basename(image.replace(/@.*$/, '')).replace(/:.*$/, '');
}

function tagOf(image: string): string {
  return /:([^:/@]+)(?:@.*)?$/.exec(image)?.[1] ?? 'latest';
}

function algorithmsIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .sort();
}

function knownIn(folder: string): readonly KnownAlgorithm[] {
  return algorithmsIn(folder).map((name) => ({ name, folder: join(folder, name) }));
}
