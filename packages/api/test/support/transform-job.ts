/** A request for a transform job of the model `model`, on the objects below `batch`. */

export function transformJob(name: string, changes: object = {}, input: object = {}) {
  return {
    TransformJobName: name,
    ModelName: 'model',
    TransformInput: {
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://data/batch' } },
      ContentType: 'text/csv',
      SplitType: 'Line',
      ...input,
    },
    TransformOutput: { S3OutputPath: 's3://data/predicted/', Accept: 'text/csv', AssembleWith: 'Line' },
    TransformResources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1 },
    ...changes,
  };
}
