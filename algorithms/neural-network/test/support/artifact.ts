/** A model directory in memory, as serving gets it. */
import { type ModelArtifact, readerOf } from '@algo/contract';

export function artifactOf(
  contents: Readonly<Record<string, Uint8Array | string>> | ReadonlyMap<string, Buffer>,
): ModelArtifact {
  const entries = contents instanceof Map ? [...contents] : Object.entries(contents);
  const files = new Map(entries.map(([name, content]) => [name, Buffer.from(content)] as const));
  const manifest = {
    formatVersion: 1,
    algorithm: { name: 'neural-network', version: '1.0.0' },
    libraries: {},
    input: { featureCount: 1 },
    files: Object.fromEntries([...files.keys()].map((name) => [name, { bytes: 0, sha256: '' }])),
  };
  return { manifest, ...readerOf(files, 'model/') } as ModelArtifact;
}
