/** What an image says about itself, as its engine knows it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ImageProgram } from '@algo/local';

export interface ImageConfig {
  /** Empty: none. */
  readonly entrypoint: readonly string[];
  /** Empty: root. */
  readonly user: string;
  readonly labels: Readonly<Record<string, string>>;
  /** `linux/amd64`. */
  readonly platform: string;
}

export async function readImageConfig({ engine, image }: Pick<ImageProgram, 'engine' | 'image'>): Promise<ImageConfig> {
  const { stdout } = await promisify(execFile)(engine.name, ['image', 'inspect', image]);
  const [found] = JSON.parse(stdout) as readonly Inspected[];
  const { Entrypoint, User, Labels } = found?.Config ?? {};
  const entrypoint = typeof Entrypoint === 'string' ? ['/bin/sh', '-c', Entrypoint] : (Entrypoint ?? []);
  return { entrypoint, user: User ?? '', labels: Labels ?? {}, platform: `${found?.Os}/${found?.Architecture}` };
}

// --- internal ---

/** Docker and podman alike. */
interface Inspected {
  readonly Os?: string;
  readonly Architecture?: string;
  readonly Config?: {
    readonly Entrypoint?: readonly string[] | string | null;
    readonly User?: string | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
  };
}
