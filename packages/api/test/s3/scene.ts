/** What the tests of S3 share: a store in a temporary folder, which is removed after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { ObjectStore } from '../../src/s3/object-store.js';

/** An empty folder, removed after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'algo-s3-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A store with one bucket. */
export function openStore(bucket = 'bucket'): { store: ObjectStore; folder: string } {
  const folder = makeFolder();
  const store = new ObjectStore(folder);
  onTestFinished(() => store.close());
  store.buckets.create(bucket);
  return { store, folder: join(folder, bucket) };
}

/** The keys in a bucket, in order. */
export async function keysOf(store: ObjectStore, prefix = '', bucket = 'bucket'): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.objects(bucket, prefix)) keys.push(key);
  return keys;
}
