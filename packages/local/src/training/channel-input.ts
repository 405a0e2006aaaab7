/** A channel of a training job, in the terms of CreateTrainingJob, and the rules between its members. */
import { ArgumentError } from '../errors.js';
import type { InputDataType } from '../files/input-files.js';
import { checkAttributeNames } from './pipe-source.js';

export type InputMode = 'File' | 'FastFile' | 'Pipe';

/** One channel: a file, a folder including its subfolders, or what a manifest lists. */
export interface ChannelInput {
  readonly path: string;
  /** `ManifestFile`: `path` is a manifest; default S3Prefix, a file or folder. */
  readonly dataType?: InputDataType | undefined;
  /** Left out of inputdataconfig.json when absent, as on the platform. */
  readonly contentType?: string | undefined;
  /** Overrides the job's. */
  readonly inputMode?: InputMode | undefined;
  /** `Gzip`: unpacked on the way in Pipe mode; in File mode files stay as they are, as on the platform. */
  readonly compressionType?: 'None' | 'Gzip' | undefined;
  /** `RecordIO`: in Pipe mode each file, or attribute, is a record. */
  readonly recordWrapperType?: 'None' | 'RecordIO' | undefined;
  /** With these, `path` is an augmented manifest: JSON Lines whose attributes are sent in this order, in Pipe mode. */
  readonly attributeNames?: readonly string[] | undefined;
  /** Of a ShuffleConfig: an order of the files, or of an augmented manifest's lines, new in each epoch of Pipe mode. */
  readonly shuffleSeed?: number | undefined;
  /** In inputdataconfig.json; default FullyReplicated. The one host gets everything either way. */
  readonly distributionType?: 'FullyReplicated' | 'ShardedByS3Key' | undefined;
  /** The job's groups whose hosts get the channel, 1 to 5; default all. Other hosts have neither its files nor its configuration. */
  readonly instanceGroupNames?: readonly string[] | undefined;
}

/**
 * Only a stream has records of their own, and the attributes of an augmented manifest.
 * @param jobMode of a channel without its own; default File
 * @throws ArgumentError for what the channel's mode does not have
 */
export function checkRecords(name: string, channel: ChannelInput, jobMode: InputMode | undefined): void {
  const { inputMode = jobMode ?? 'File', recordWrapperType = 'None', attributeNames, dataType } = channel;
  const what = `Channel "${name}"`;
  if (attributeNames) checkAttributeNames(attributeNames, what);
  if (inputMode === 'FastFile' && dataType === 'ManifestFile') {
    throw new ArgumentError(`${what}: a manifest must be read in File or Pipe mode; received "FastFile".`);
  }
  if (inputMode === 'Pipe') return;
  if (recordWrapperType !== 'None') {
    throw new ArgumentError(
      `${what}: RecordWrapperType must be None in ${inputMode} mode; received "${recordWrapperType}".`,
    );
  }
  if (attributeNames) {
    throw new ArgumentError(`${what}: an augmented manifest must be read in Pipe mode; received "${inputMode}".`);
  }
}
