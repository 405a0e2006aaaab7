/**
 * Whether an image has what an algorithm of this SDK trains with on several instances: MPI, next to its program, with an inventory
 * for scanners (packages/build/stage-mpi.sh).
 */
import { posix } from 'node:path';
import type { CheckItem } from './check-item.js';
import type { ImageConfig } from './export.js';
import type { ImageFiles } from './files.js';
import { bundleFolder } from './image-bundle.js';
import { INVENTORY } from './sbom.js';

const LIBRARY = 'lib/libmpi_abi.so.1';

/** @param isDistributed whether the definition says that the algorithm trains on several instances; undefined: not known */
export function checkMpi(config: ImageConfig, files: ImageFiles, isDistributed: boolean | undefined): CheckItem {
  const name = 'distributed training';
  const folder = posix.join(bundleFolder(config) ?? '/opt/algorithm', 'mpi');
  if (!files.has(posix.join(folder, LIBRARY))) {
    if (!isDistributed) return { name, result: 'passed', text: 'without MPI' };
    const text = `the definition has supportsDistributedTraining, and ${folder} has no MPI: jobs on several instances fail unless they do without`;
    return { name, result: 'warning', text };
  }
  const own = [...files.values()].filter(({ path }) => path.startsWith(`${folder}/`));
  if (isDistributed === false) {
    const text = `${folder} has MPI, which the algorithm does not use: its definition lacks supportsDistributedTraining`;
    return { name, result: 'warning', text };
  }
  if (!own.some(({ path }) => INVENTORY.test(path))) {
    return { name, result: 'warning', text: `${folder} has no inventory, so scanners miss what is in it` };
  }
  const megabytes = own.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
  return { name, result: 'passed', text: `MPI in ${folder}, ${megabytes.toFixed(1)} MB unpacked` };
}
