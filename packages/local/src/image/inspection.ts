/**
 * What the check of an image finds, from its own manifest, configuration and files. Anything that cannot be determined is
 * "unknown", never "passed".
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../files/folder.js';
import { removeTree } from '../files/remove-tree.js';
import type { CheckItem } from './check-item.js';
import type { ImageCheck, ImageCheckRequest } from './check-request.js';
import { checkConfig, checkManifest, checkSize } from './config-rules.js';
import { FILE_LISTS, findPendingUpdates, findUnownedFiles, readOperatingSystem, readPackages } from './debian.js';
import { exportImage, saveArchive } from './export.js';
import { checkFiles, checkOwners, checkSystem } from './file-rules.js';
import { readFiles } from './files.js';
import { bundleOfImage, isBundleFile } from './image-bundle.js';
import { checkMpi } from './mpi-rule.js';
import { billOfMaterials, type Component, debianComponents, INVENTORY, licenseNames, readInventories } from './sbom.js';
import { scan } from './scanner.js';

/** @throws JobError when the engine has no such image, or it cannot be read */
export async function inspectImage(request: ImageCheckRequest): Promise<ImageCheck> {
  const { engine, image, directory } = request;
  makeFolder(directory);
  const exported = join(directory, 'exported');
  await removeTree(exported);
  try {
    return await checkExported(request, exported);
  } finally {
    await removeTree(exported);
  }

  async function checkExported(own: ImageCheckRequest, folder: string): Promise<ImageCheck> {
    const { manifestType, digest, config, layers } = await exportImage(engine, image, folder);
    const isOfBundle = isBundleFile(config);
    const files = await readFiles(layers, (path) => isWanted(path) || isOfBundle(path));
    const system = readOperatingSystem(files);
    const packages = readPackages(files);
    const others = readInventories(files);
    const components = [...(system ? debianComponents(packages, system, files) : []), ...others];
    const bill = billOfMaterials(image, digest, components, system);
    writeFileSync(join(directory, 'sbom.cdx.json'), `${JSON.stringify(bill, null, 2)}\n`);

    const items: readonly CheckItem[] = [
      checkManifest(manifestType),
      ...checkConfig(config, own.version, own.capabilities),
      checkSize(layers.map((layer) => layer.compressedBytes)),
      ...checkFiles(files),
      checkMpi(config, files, own.isDistributed),
      checkSystem(system),
      checkOwners(packages.length, findUnownedFiles(files)),
      await checkUpdates(packages, system),
      {
        name: 'bill of materials',
        result: 'passed',
        text: `${packages.length} Debian packages, ${others.length} others, in sbom.cdx.json`,
      },
      checkLicenses(components),
      await scan(() => saveArchive(engine, image, join(folder, 'archive.tar'))),
    ];
    const check: ImageCheck = {
      image,
      ...(digest !== undefined && { digest }),
      result: items.some((item) => item.result === 'failed') ? 'failed' : 'passed',
      compressedBytes: layers.reduce((sum, layer) => sum + layer.compressedBytes, 0),
      layers: layers.map(({ diffId, compressedBytes }) => ({ diffId, compressedBytes })),
      bundle: bundleOfImage(config, files) ?? null,
      items,
      packages: { debian: packages.length, other: others.length },
      directory,
    };
    writeFileSync(join(directory, 'check.json'), `${JSON.stringify(check, null, 2)}\n`);
    return check;
  }
}

// --- internal ---

function isWanted(path: string): boolean {
  return (
    path === '/etc/os-release' ||
    path === '/usr/lib/os-release' ||
    path === '/var/lib/dpkg/status' ||
    path.startsWith('/var/lib/dpkg/status.d/') ||
    /^\/usr\/share\/doc\/[^/]+\/copyright$/.test(path) ||
    FILE_LISTS.test(path) ||
    INVENTORY.test(path)
  );
}

/** A person must judge the licences; whether each component names its licence is checked here. */
function checkLicenses(components: readonly Component[]): CheckItem {
  const name = 'licences';
  const silent = components.filter((component) => licenseNames(component).length === 0);
  const total = `${components.length} components`;
  if (silent.length === 0) return { name, result: 'passed', text: `named for all ${total}, in sbom.cdx.json` };
  const names = silent.map((component) => component.name).join(', ');
  return { name, result: 'warning', text: `${silent.length} of ${total} name none: ${names}` };
}

async function checkUpdates(
  packages: ReturnType<typeof readPackages>,
  system: ReturnType<typeof readOperatingSystem>,
): Promise<CheckItem> {
  const name = 'security updates';
  if (!system?.release.startsWith('debian ') || system.codename === undefined) {
    return { name, result: 'unknown', text: 'not checked: only Debian is supported' };
  }
  const { pending, why } = await findPendingUpdates(packages, system.codename);
  if (!pending) return { name, result: 'unknown', text: `not checked: ${why}` };
  if (pending.length === 0) return { name, result: 'passed', text: `none pending for ${packages.length} packages` };
  const told = pending.map((update) => `${update.name} ${update.installed} → ${update.available}`);
  return { name, result: 'failed', text: `pending: ${told.join(', ')}. Rebuild the image without the cache.` };
}
