/** Model packages and their groups as the API has them. */
import type { InferenceSpecification } from '../definitions/inference.js';
import type { TransformJobDefinition } from '../definitions/transform-job.js';
import type { StatusItem } from '../marketplace/status-details.js';

export interface SourceAlgorithm {
  readonly AlgorithmName: string;
  readonly ModelDataUrl?: string;
  readonly ModelDataSource?: unknown;
}

export interface ModelPackageMembers {
  readonly ModelPackageName?: string;
  readonly ModelPackageGroupName?: string;
  readonly ModelPackageDescription?: string;
  readonly InferenceSpecification?: InferenceSpecification;
  readonly ValidationSpecification?: {
    readonly ValidationRole: string;
    readonly ValidationProfiles: readonly {
      readonly ProfileName: string;
      readonly TransformJobDefinition: TransformJobDefinition;
    }[];
  };
  readonly SourceAlgorithmSpecification?: { readonly SourceAlgorithms: readonly SourceAlgorithm[] };
  readonly CertifyForMarketplace?: boolean;
  readonly ModelApprovalStatus?: 'Approved' | 'Rejected' | 'PendingManualApproval';
  readonly CustomerMetadataProperties?: Readonly<Record<string, string>>;
  readonly AdditionalInferenceSpecifications?: readonly unknown[];
}

export type ModelPackageStatus = 'Pending' | 'InProgress' | 'Completed' | 'Failed';

/** What is kept of a model package. */
export interface ModelPackageBody extends ModelPackageMembers {
  readonly ModelPackageArn: string;
  /** Of a versioned package. */
  readonly ModelPackageVersion?: number;
  readonly CreationTime: number;
  readonly LastModifiedTime?: number;
  readonly ModelPackageStatus: ModelPackageStatus;
  readonly ModelPackageStatusDetails: {
    readonly ValidationStatuses: readonly StatusItem[];
    readonly ImageScanStatuses?: readonly StatusItem[];
  };
  /** For lists and repeated requests; answers leave it out. */
  readonly Internal: { readonly type: 'Versioned' | 'Unversioned'; readonly clientToken?: string };
}

/** What is kept of a group of versions. */
export interface ModelPackageGroupBody {
  readonly ModelPackageGroupName: string;
  readonly ModelPackageGroupArn: string;
  readonly ModelPackageGroupDescription?: string;
  readonly CreationTime: number;
  readonly CreatedBy: Readonly<Record<string, never>>;
  readonly ModelPackageGroupStatus: 'Completed';
  /** The highest version that there has been; answers leave it out. */
  readonly LastVersion: number;
}
