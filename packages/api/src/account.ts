/** The account and region that this machine pretends to be. */

export interface Account {
  readonly id: string;
  readonly region: string;
}

/** An account number that nobody has; @algo/local gives jobs the same. */
export const ACCOUNT_ID = '000000000000';

/** `arn:aws:sagemaker:us-east-1:000000000000:training-job/x`; names of resources are in lower case there, as on AWS. */
export function sageMakerArn({ id, region }: Account, kind: string, name: string): string {
  return `arn:aws:sagemaker:${region}:${id}:${kind}/${name.toLowerCase()}`;
}
