/** Every sample that a script makes, those of new algorithms too, is what its script makes. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const scripts = readdirSync(root)
  .map((name) => join(root, name, 'prepare.ts'))
  .filter((path) => existsSync(path));

it.each(scripts)('%s generates the committed files, byte for byte', async (script) => {
  const { sampleFiles } = (await import(script)) as {
    sampleFiles(): Promise<ReadonlyMap<string, string | Uint8Array>>;
  };

  const made = await sampleFiles();

  expect(made.size).toBeGreaterThan(0);
  for (const [path, content] of made) {
    expect(readFileSync(join(script, '..', path)).equals(Buffer.from(content as string)), path).toBe(true);
  }
});
