/** Status details of an algorithm and a model package: of their validation, and of the scan of their images. */

export type ValidationStatus = 'NotStarted' | 'InProgress' | 'Completed' | 'Failed';

export interface StatusItem {
  readonly Name: string;
  readonly Status: ValidationStatus;
  readonly FailureReason?: string;
}

/**
 * ImageScanStatuses of a resource that is for AWS Marketplace. No image is scanned here: an item follows the validation, in
 * which the image runs, so that clients find the statuses that they wait for.
 */
export function scanStatuses(
  isForMarketplace: boolean,
  name: string,
  profile: ValidationStatus,
): readonly StatusItem[] {
  return isForMarketplace ? [{ Name: name, Status: profile === 'Failed' ? 'Completed' : profile }] : [];
}
