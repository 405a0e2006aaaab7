/** The parts that every notebook begins and ends with: what it takes, the subscription, clients and a way to wait, unsubscribing. */
import type { Facts } from '../facts.js';
import type { Page } from './page.js';
import { pythonOf } from './python-text.js';
import { regionsOf } from './regions.js';

export type Subject = 'algorithm' | 'model package';

export function introduction(page: Page, title: string, overview: string, costs: string): void {
  page.say(`# ${title}\n\n${overview}`);
  page.say(`
## Pre-requisites

1. A Jupyter of your own, or one of Amazon SageMaker AI: its notebook instances and Studio have all that is imported here (Python 3,
   boto3, pandas, NumPy, Matplotlib).
2. The role that you run this notebook with has the policy **AmazonSageMakerFullAccess**.
3. To subscribe from this account, it also has **aws-marketplace:ViewSubscriptions**, **aws-marketplace:Subscribe** and
   **aws-marketplace:Unsubscribe**; or somebody has subscribed for the account already.

${costs}`);
  page.contents();
  page.say(`
## Usage instructions

Run the cells one after the other, from the top (Shift+Enter). All that you type is the ARN in section 1. Each cell says what it is
for; read the text above it first.`);
}

export function subscription(page: Page, { product }: Facts, subject: Subject): void {
  const name = subject.replace(' ', '_');
  page.section(
    2,
    `1. Subscribe to the ${subject}`,
    `
1. Open the page of the product, **${product.title}**, on AWS Marketplace.
2. Choose **Continue to subscribe**. Read the terms and the prices; choose **Accept offer** if you and your company agree with them.
3. Choose **Continue to configuration**, then your Region. A **Product Arn** appears: copy it.
4. Put it below, in the line of your Region. The ARN is another one in each Region.

An ARN (Amazon Resource Name) is the full name of a resource on AWS. This one is all that you get of the product: the software itself
runs on instances in your account, without access to any network, and neither you nor the seller sees inside of the other's part.`,
  );
  page.run(
    `
import boto3

region = boto3.Session().region_name
${name}_arns = ${pythonOf(Object.fromEntries(regionsOf(product).map((region) => [region, `<Customer to specify ${subject} ARN corresponding to their AWS region>`])))}
${name}_arn = ${name}_arns.get(region, "")
if not ${name}_arn.startswith("arn:"):
    raise ValueError(f"Put the ARN of the ${subject} for {region} into ${name}_arns.")
if ":${name.replace('_', '-')}/" not in ${name}_arn:
    raise ValueError(f"The ARN must be of ${subject === 'algorithm' ? 'an' : 'a'} ${subject}, with :${name.replace('_', '-')}/ in it; this one is {${name}_arn}.")
print("The ARN of", ${name}_arn.split("/")[-1], "in", region)
`,
    { tags: ['product-arn'] },
  );
}

/** Bucket and `upload`, which every notebook that reads files needs. */
export function storage(page: Page, { definition }: Facts): void {
  page.run(`
import time
from pathlib import Path

from botocore.exceptions import ClientError

# All that this notebook makes has this name, so that runs do not mix.
name = "${shortName(definition.Name)}-" + time.strftime("%m%d%H%M%S", time.gmtime())
account = boto3.client("sts").get_caller_identity()["Account"]
bucket = f"sagemaker-{region}-{account}"  # SageMaker's default bucket of your account

s3 = boto3.client("s3")
try:
    s3.head_bucket(Bucket=bucket)
except ClientError:  # it is made at its first use
    location = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=bucket, **location)


def upload(folder):
    """Uploads the files of a folder and of the folders in it; returns their address."""
    for file in sorted(Path(folder).rglob("*")):
        if file.is_file():
            s3.upload_file(str(file), bucket, f"{name}/{file.as_posix()}")
    return f"s3://{bucket}/{name}/{folder}/"
`);
}

/** Clients, the role, `wait` and `delete`; a section of its own where it has a title. */
export function environment(page: Page, title?: string): void {
  const text =
    'Clients for SageMaker, the role that jobs and endpoints run with, and two functions. Jobs run on their own: `wait` waits until one has ended. `delete` deletes what there is.';
  if (title === undefined) page.say(text);
  else page.section(3, title, text);
  page.run(`
sagemaker = boto3.client("sagemaker")
runtime = boto3.client("sagemaker-runtime")

# The role that you are now: SageMaker reads and writes your bucket with it.
identity = boto3.client("sts").get_caller_identity()["Arn"]
if ":assumed-role/" not in identity:
    raise ValueError("Run this notebook with a role that SageMaker may assume, as its own notebooks have one.")
role = boto3.client("iam").get_role(RoleName=identity.split("/")[1])["Role"]["Arn"]


def wait(describe, status, **what):
    """The description once nothing is in progress any more. Asks after half a second, then less and less often."""
    pause = 0.5
    while (found := describe(**what))[status] in ("Pending", "InProgress", "Creating", "Updating", "Stopping"):
        time.sleep(pause)
        pause = min(pause * 1.5, 30)
    if found[status] not in ("Completed", "InService"):
        raise RuntimeError(f"{found[status]}: {found.get('FailureReason', found)}")
    return found


def delete(call, **what):
    """Deletes what is there, and says so where it is not. What is still being made or changed is waited for."""
    while True:
        try:
            call(**what)
        except ClientError as error:
            if "in-progress" in str(error):  # an endpoint that is Creating or Updating cannot be deleted yet
                time.sleep(5)
                continue
            print(error)
        return
`);
}

/** The last part: what the notebook made, its objects in S3, and the subscription. @param source deletes all but the objects */
export function lastCleanUp(page: Page, number: number, resources: string, source: string): void {
  page.section(2, `${number}. Clean-up`, 'What is left costs nothing but storage. This removes it all the same.');
  page.section(3, `${number}.A Delete ${resources}`);
  page.run(`${source.trimEnd()}\n${DELETE_OBJECTS}`, { tags: ['clean-up'] });
  page.section(
    3,
    `${number}.B Unsubscribe from the listing`,
    `
Optional. If you do not need the product any more, open **Your Software subscriptions** on AWS Marketplace, find it on the tab
**Machine Learning**, and choose **Cancel Subscription**. Delete all models that were made of it first: they keep running, and
keep costing.`,
  );
}

// --- internal ---

const DELETE_OBJECTS = `for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=f"{name}/"):
    for item in page.get("Contents", []):
        delete(s3.delete_object, Bucket=bucket, Key=item["Key"])
`;

/** Names of tuning jobs have 32 characters or fewer, and something is put behind this one. */
function shortName(name: string): string {
  return name.slice(0, 14).replace(/-+$/, '');
}
