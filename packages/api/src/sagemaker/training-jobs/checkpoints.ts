/** CheckpointConfig: the objects of a prefix are in the job's folder when it starts, and follow it until it has ended. */
import type { CheckpointRequest } from '@algo/local';
import { type FolderSync, syncFolder } from '../../jobs/folder-sync.js';
import { stageObjects } from '../../jobs/input-data.js';
import { type ObjectStore, parseS3Uri } from '../../object-store.js';
import type { TrainingJobMembers } from './shapes.js';

export interface JobCheckpoints {
  readonly request: CheckpointRequest;
  /** The last sync of each host. @throws the error of one, once all have ended */
  close(): Promise<void>;
}

/** @param folder for links to the objects of an earlier job */
export async function openCheckpoints(
  objects: ObjectStore,
  { CheckpointConfig }: TrainingJobMembers,
  folder: string,
): Promise<JobCheckpoints | undefined> {
  if (!CheckpointConfig) return undefined;
  const { S3Uri, LocalPath: localPath } = CheckpointConfig;
  const uri = `${S3Uri.replace(/\/+$/, '')}/`;
  const { bucket, key } = parseS3Uri(uri)!;
  const count = await stageObjects(objects, { bucket, key }, folder);
  const syncs: FolderSync[] = [];
  return {
    request: {
      localPath,
      initial: count > 0 ? folder : undefined,
      onFolder: (place) => {
        syncs.push(syncFolder(objects, place, bucket, key)); // of each host
      },
    },
    async close() {
      // All of them to the end: then the folder is removed, which a sync would take for that of its files.
      const ends = await Promise.allSettled(syncs.map((sync) => sync.close()));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}
