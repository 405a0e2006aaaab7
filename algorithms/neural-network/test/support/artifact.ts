/** A model directory in memory, as serving gets it. */
import { type ModelArtifact, readerOf } from '@algo/contract';

export function artifactOf(
  contents: Readonly<Record<string, Uint8Array | string>> | ReadonlyMap<string, Buffer>,
): ModelArtifact {
  const entries = contents instanceof Map ? [...contents] : Object.entries(contents);
  const files = new Map(entries.map(([name, content]) => [name, Buffer.from(content)] as const));
  const place = { directory: 'model', path: (name: string) => `model/${name}`, names: [...files.keys()] };
  return { ...place, ...readerOf(files, 'model/'), input: { featureCount: 1 } };
}
