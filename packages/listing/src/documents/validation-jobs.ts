/**
 * The jobs with which AWS validates a resource, on the sample data: a training job, and a batch transform of its model. What
 * they read and write is shown to buyers.
 */
import { ArgumentError, PROFILE_FILE, type ValidationProfile } from '@algo/local';
import { transformAmiVersion } from '../product/gpu-hosts.js';
import type { Document, Source } from './source.js';

/** More than the sample data of any product that has its samples in a public repository. */
const VOLUME_GB = 10;

type Channel = NonNullable<ValidationProfile['trainingJob']>['channels'][string];
type TransformJob = NonNullable<ValidationProfile['transformJob']>;

/** @throws ArgumentError where the profile has no training job, or one that CreateAlgorithm cannot describe */
export function trainingJobDefinition(source: Source): Document {
  const { profile, product, seller } = source;
  const { trainingJob } = profile;
  if (!trainingJob) throw new ArgumentError(`${PROFILE_FILE} must have a trainingJob: the definition has channels.`);
  if (Object.keys(trainingJob.environment).length > 0) {
    throw new ArgumentError(
      `${PROFILE_FILE}: trainingJob.environment must be empty, as a validation of AWS has no variables; received ${Object.keys(trainingJob.environment).join(', ')}.`,
    );
  }
  return {
    TrainingInputMode: trainingJob.inputMode,
    HyperParameters: trainingJob.hyperparameters,
    InputDataConfig: Object.entries(trainingJob.channels).map(([ChannelName, channel]) => ({
      ChannelName,
      ...channelForm(channel),
      DataSource: {
        S3DataSource: {
          S3DataType: channel.attributeNames ? 'AugmentedManifestFile' : 'S3Prefix',
          S3Uri: sampleUri(source, channel.path),
          S3DataDistributionType: 'FullyReplicated',
          ...(channel.attributeNames && { AttributeNames: channel.attributeNames }),
        },
      },
    })),
    OutputDataConfig: { S3OutputPath: `${seller.storage}/validation/training` },
    ResourceConfig: {
      InstanceType: product.recommended.training ?? product.recommended.batch,
      InstanceCount: 1,
      VolumeSizeInGB: VOLUME_GB,
    },
    StoppingCondition: { MaxRuntimeInSeconds: trainingJob.maxRuntimeInSeconds },
  };
}

/** What a channel's files are and how they are read, as InputDataConfig has it: without its name and their place. */
export function channelForm({ contentType, compressionType, recordWrapperType, inputMode }: Channel): Document {
  return {
    ...(contentType !== undefined && { ContentType: contentType }),
    ...(compressionType !== undefined && { CompressionType: compressionType }),
    ...(recordWrapperType !== undefined && { RecordWrapperType: recordWrapperType }),
    ...(inputMode !== undefined && { InputMode: inputMode }),
  };
}

/** @throws ArgumentError where there is none: AWS validates every resource with one */
export function requiredTransformJob({ transformJob }: ValidationProfile): TransformJob {
  if (transformJob) return transformJob;
  throw new ArgumentError(`${PROFILE_FILE} must have a transformJob: AWS validates with one.`);
}

/** Limits of a transform job, as CreateTransformJob has them; those of AWS where the profile has none. */
export function transformLimits(job: TransformJob): Document {
  return {
    ...(job.maxConcurrentTransforms !== undefined && { MaxConcurrentTransforms: job.maxConcurrentTransforms }),
    ...(job.maxPayloadInMB !== undefined && { MaxPayloadInMB: job.maxPayloadInMB }),
    ...(job.batchStrategy !== undefined && { BatchStrategy: job.batchStrategy }),
  };
}

/**
 * @param job of the profile; default: the one that AWS validates with
 * @throws ArgumentError where the profile has no transform job: AWS validates every resource with one
 */
export function transformJobDefinition(source: Source, job = requiredTransformJob(source.profile)): Document {
  const { product, seller } = source;
  const ami = transformAmiVersion(product.recommended.batch, product);
  return {
    ...transformLimits(job),
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: sampleUri(source, job.input) } },
      ContentType: job.contentType,
      CompressionType: job.compressionType,
      SplitType: job.splitType,
    },
    TransformOutput: {
      S3OutputPath: `${seller.storage}/validation/transform`,
      Accept: job.accept,
      AssembleWith: job.assembleWith,
    },
    TransformResources: {
      InstanceType: product.recommended.batch,
      InstanceCount: 1,
      ...(ami !== undefined && { TransformAmiVersion: ami }),
    },
  };
}

// --- internal ---

/** The address of a path of the sample data, which is uploaded as it is: of a folder with a slash at its end. */
function sampleUri({ seller, isFolder }: Source, path: string): string {
  const plain = path.replace(/\/+$/, '');
  return `${seller.storage}/sample-data/${plain}${isFolder(path) ? '/' : ''}`;
}
