/**
 * The control groups that limit this process. A container sees the processors and memory of its host; its share is in
 * the cgroup, version 1 or 2, and in those around it.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the kernel shows the limits; tests hand in a tree of theirs. */
export interface CgroupPaths {
  /** Mount point of the cgroup file systems. */
  readonly mount: string;
  /** This process's place in them: lines `id:controllers:path`. */
  readonly membership: string;
}

export const CGROUP: CgroupPaths = { mount: '/sys/fs/cgroup', membership: '/proc/self/cgroup' };

export interface CgroupFolder {
  readonly version: 1 | 2;
  readonly folder: string;
}

/**
 * The folders of `controller` from this process's cgroup up to the root. Not all of them need be there: inside a
 * container the path may be outside what is mounted.
 */
export function cgroupFolders(controller: string, { mount, membership }: CgroupPaths): CgroupFolder[] {
  return readText(membership)
    .split('\n')
    .flatMap((line): CgroupFolder[] => {
      const [, controllers = '', path] = line.match(/^\d+:([^:]*):(.*)$/) ?? [];
      if (path === undefined) return [];
      if (controllers === '') return upwards(mount, path).map((folder) => ({ version: 2, folder }));
      if (!controllers.split(',').includes(controller)) return [];
      const roots = [...new Set([controllers, controller])].map((name) => join(mount, name));
      return roots.flatMap((root) => upwards(root, path)).map((folder) => ({ version: 1, folder }));
    });
}

/** The text of a file; empty where there is none. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

// --- internal ---

function upwards(root: string, path: string): string[] {
  const folders: string[] = [];
  for (let part = join('/', path); ; part = dirname(part)) {
    folders.push(join(root, part));
    if (part === '/') return folders;
  }
}
