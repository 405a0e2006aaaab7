/** Objects as files of a folder, only as much of a store as jobs need. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ObjectStore } from '../../src/index.js';
import { ServiceError } from '../../src/service-error.ts'; // also run by Node as it is: test/clients

export function folderObjects(folder: string): ObjectStore {
  const bucketFolder = (bucket: string) => {
    const path = join(folder, bucket);
    if (existsSync(path)) return path;
    throw new ServiceError('NoSuchBucket', 'The specified bucket does not exist', 404);
  };
  return {
    async *objects(bucket, prefix) {
      const root = bucketFolder(bucket);
      const entries = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const keys = entries.map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)).sort();
      for (const key of keys) if (key.startsWith(prefix)) yield { key, size: statSync(join(root, key)).size };
    },
    fileOf(bucket, key) {
      const path = join(bucketFolder(bucket), key);
      return existsSync(path) && statSync(path).isFile() ? path : undefined;
    },
    async put(bucket, key, source) {
      const path = join(bucketFolder(bucket), key);
      mkdirSync(dirname(path), { recursive: true });
      if (typeof source === 'string') copyFileSync(source, path);
      else writeFileSync(path, source);
    },
  };
}
