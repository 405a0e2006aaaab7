/** Which operations of which services the tables in models/ hold: what this package answers. */

/**
 * Shapes whose pattern is left out, as it contradicts the service's own documentation: these refuse
 * `MachineLearningProduct@1.0`, a ChangeName of two letters, `$CreateProductChange.Entity.Identifier`, and
 * (by a doubled backslash) every name of an entity.
 */
export const WRONG_PATTERNS: Readonly<Record<string, readonly string[]>> = {
  'marketplace-catalog': ['ChangeName', 'EntityNameString', 'EntityType', 'Identifier'],
};

/**
 * Members of answers that a model requires and the service leaves out. ModelPackageName: a version has none, as in the answer
 * that the SageMaker developer guide shows ("View the Details of a Model Version").
 */
export const NOT_REQUIRED: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  sagemaker: { DescribeModelPackageOutput: ['ModelPackageName'] },
};

/** Operations with these nouns, each with its verbs. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  TrainingJob: ['Create', 'Describe', 'Stop', 'Delete'],
  HyperParameterTuningJob: ['Create', 'Describe', 'Stop', 'Delete'],
  TransformJob: ['Create', 'Describe', 'Stop'],
  Algorithm: ['Create', 'Describe', 'Delete'],
  Model: ['Create', 'Describe', 'Delete'],
  ModelPackage: ['Create', 'Describe', 'Update', 'Delete'],
  ModelPackageGroup: ['Create', 'Describe', 'Delete'],
  EndpointConfig: ['Create', 'Describe', 'Delete'],
  Endpoint: ['Create', 'Describe', 'Update', 'Delete'],
};

const SAGEMAKER = Object.entries(RESOURCES).flatMap(([noun, verbs]) => [
  ...verbs.map((verb) => verb + noun),
  `List${noun}s`,
]);

/** By botocore's name of the service. */
export const SERVICES: Readonly<Record<string, readonly string[]>> = {
  sagemaker: [
    ...SAGEMAKER,
    ...['AddTags', 'DeleteTags', 'ListTags', 'Search', 'UpdateEndpointWeightsAndCapacities'],
    ...['ListTrainingJobsForHyperParameterTuningJob', 'BatchDescribeModelPackage'],
  ],
  sts: ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'],
  iam: [
    ...['CreateRole', 'GetRole', 'DeleteRole', 'PutRolePolicy', 'GetRolePolicy', 'DeleteRolePolicy'],
    ...['ListAttachedRolePolicies', 'ListRolePolicies', 'SimulatePrincipalPolicy'],
  ],
  logs: [
    ...['CreateLogGroup', 'DeleteLogGroup', 'DescribeLogGroups', 'PutRetentionPolicy', 'DeleteRetentionPolicy'],
    ...['CreateLogStream', 'DeleteLogStream', 'DescribeLogStreams'],
    ...['PutLogEvents', 'GetLogEvents', 'FilterLogEvents'],
  ],
  cloudwatch: [
    ...['GetMetricData', 'GetMetricStatistics', 'ListMetrics', 'PutMetricData'],
    ...['PutMetricAlarm', 'DescribeAlarms', 'DeleteAlarms'],
  ],
  'application-autoscaling': [
    ...['RegisterScalableTarget', 'DescribeScalableTargets', 'DeregisterScalableTarget'],
    ...['PutScalingPolicy', 'DescribeScalingPolicies', 'DeleteScalingPolicy'],
  ],
  'sagemaker-runtime': ['InvokeEndpoint', 'InvokeEndpointAsync', 'InvokeEndpointWithResponseStream'],
  ecr: [
    ...['CreateRepository', 'DescribeRepositories', 'DeleteRepository', 'GetAuthorizationToken'],
    ...['ListImages', 'DescribeImages', 'BatchGetImage', 'PutImage', 'BatchDeleteImage'],
    ...['BatchCheckLayerAvailability', 'GetDownloadUrlForLayer', 'DescribeImageScanFindings', 'PutImageTagMutability'],
    ...['SetRepositoryPolicy', 'GetRepositoryPolicy', 'DeleteRepositoryPolicy', 'PutImageScanningConfiguration'],
    ...['PutLifecyclePolicy', 'GetLifecyclePolicy', 'DeleteLifecyclePolicy'],
    ...['TagResource', 'UntagResource', 'ListTagsForResource'],
  ],
  'marketplace-catalog': [
    ...['StartChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'CancelChangeSet'],
    ...['DescribeEntity', 'ListEntities', 'BatchDescribeEntities'],
    ...['TagResource', 'UntagResource', 'ListTagsForResource'],
  ],
};
