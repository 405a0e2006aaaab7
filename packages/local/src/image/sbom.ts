/**
 * The bill of materials of an image: its Debian packages, and what the inventories in it name (Node, the npm packages of
 * the bundle). Source: CycloneDX 1.6 JSON; package-url specification, type deb.
 */
import { z } from 'zod';
import type { DebianPackage, OperatingSystem } from './debian.js';
import { type ImageFiles, textOf } from './files.js';

export interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly cpe?: string | undefined;
  readonly licenses?:
    | readonly { readonly expression?: string | undefined; readonly license?: { readonly name: string } }[]
    | undefined;
}

export interface BillOfMaterials {
  readonly bomFormat: 'CycloneDX';
  readonly specVersion: '1.6';
  readonly version: 1;
  readonly metadata: { readonly timestamp: string; readonly component: object };
  readonly components: readonly (Component | SystemComponent)[];
}

/** Without it a scanner that is given the bill leaves the system's packages out. */
interface SystemComponent {
  readonly type: 'operating-system';
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version: string;
}

/** How inventories in an image are named, as scanners expect it. */
export const INVENTORY = /\.cdx\.json$/;

const inventorySchema = z.looseObject({
  bomFormat: z.literal('CycloneDX'),
  components: z
    .array(
      z.looseObject({
        type: z.string(),
        'bom-ref': z.string(),
        name: z.string(),
        version: z.string(),
        purl: z.string(),
        cpe: z.string().optional(),
        licenses: z.array(z.looseObject({ expression: z.string().optional() })).optional(),
      }),
    )
    .default([]),
});

/** What the inventories in the image name, each once. */
export function readInventories(files: ImageFiles): readonly Component[] {
  const found = new Map<string, Component>();
  for (const { path, text } of files.values()) {
    if (!INVENTORY.test(path) || text === undefined) continue;
    for (const component of inventorySchema.parse(JSON.parse(text)).components) found.set(component.purl, component);
  }
  return [...found.values()];
}

/**
 * Packages with their source package (`upstream`), which advisories name, and the licences that their copyright files name. A slim image lacks the file of a package whose folder is a
 * link to that of another one from the same source; the other one's holds for both.
 */
export function debianComponents(
  packages: readonly DebianPackage[],
  system: OperatingSystem,
  files: ImageFiles,
): readonly Component[] {
  const own = packages.map(({ name }) => licensesOf(textOf(files, `/usr/share/doc/${name}/copyright`) ?? ''));
  const bySource = new Map(
    packages.map(({ source }, i) => [source, own[i]!] as const).filter(([, found]) => found.length > 0),
  );
  const distribution = system.release.replace(' ', '-');
  return packages.map(({ name, version, architecture, source, sourceVersion }, i) => {
    const origin = sourceVersion === version ? source : `${source}@${sourceVersion}`;
    const upstream = origin === name ? '' : `&upstream=${encodeURIComponent(origin)}`;
    const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}?arch=${architecture}&distro=${distribution}${upstream}`;
    const names = own[i]!.length > 0 ? own[i]! : (bySource.get(source) ?? []);
    const licenses = names.map((license) => ({ license: { name: license } }));
    return { type: 'library', 'bom-ref': purl, name, version, purl, ...(licenses.length > 0 && { licenses }) };
  });
}

export function billOfMaterials(
  image: string,
  digest: string | undefined,
  components: readonly Component[],
  system?: OperatingSystem,
): BillOfMaterials {
  const version = digest === undefined ? {} : { version: digest };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { timestamp: new Date().toISOString(), component: { type: 'container', name: image, ...version } },
    components: [...(system ? [systemComponent(system)] : []), ...components],
  };
}

/** All licences of a component, as one text. */
export function licenseNames({ licenses = [] }: Component): readonly string[] {
  return licenses.flatMap(({ expression, license }) => expression ?? license?.name ?? []);
}

// --- internal ---

function systemComponent({ release }: OperatingSystem): SystemComponent {
  const [name = '', version = ''] = release.split(' ');
  return { type: 'operating-system', 'bom-ref': `os:${name}@${version}`, name, version };
}

/** Of a copyright file in Debian's machine-readable format 1.0; of an older one the licences it points to. */
function licensesOf(text: string): readonly string[] {
  const named = [...text.matchAll(/^License: *(\S.*)$/gm)].map(([, name]) => name!.trim());
  const shared = [...text.matchAll(/\/usr\/share\/common-licenses\/([A-Za-z0-9.-]+[A-Za-z0-9])/g)].map(
    ([, name]) => name!,
  );
  return [...new Set(named.length > 0 ? named : shared)].sort();
}
