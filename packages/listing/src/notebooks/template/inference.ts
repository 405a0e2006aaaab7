/** Endpoint, requests, answers as pictures and numbers, batch transform. */
import { basename } from 'node:path';
import { requiredTransformJob, transformLimits } from '../../documents/validation-jobs.js';
import type { Facts } from '../facts.js';
import { inferenceFolder } from '../layout.js';
import type { Page } from './page.js';
import { pythonOf } from './python-text.js';

export function deployment(page: Page, facts: Facts, heading: string): void {
  const { product, inferenceAmi } = facts;
  const ami = inferenceAmi === undefined ? '' : `,\n            "InferenceAmiVersion": "${inferenceAmi}"`;
  page.section(
    3,
    heading,
    `
An endpoint is a server that answers requests until you delete it, and costs as long as it runs, asked or not. It takes a
**model** (what is served), a **configuration** (on which and how many instances) and the **endpoint** itself.
EnableNetworkIsolation must be on for products of AWS Marketplace: the container then reaches no network.${
      inferenceAmi === undefined
        ? ''
        : '\n\nInferenceAmiVersion chooses hosts whose NVIDIA driver is new enough for the software of this product.'
    }`,
  );
  page.run(`
sagemaker.create_model(
    ModelName=name,
    PrimaryContainer={"ModelPackageName": model_package_arn},
    ExecutionRoleArn=role,
    EnableNetworkIsolation=True,
)
sagemaker.create_endpoint_config(
    EndpointConfigName=name,
    ProductionVariants=[
        {
            "VariantName": "all",
            "ModelName": name,
            "InstanceType": "${product.recommended.realTime}",
            "InitialInstanceCount": 1${ami},
        }
    ],
)
sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
endpoint = wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
print("The endpoint is", endpoint["EndpointStatus"])
`);
}

export function payload(page: Page, { profile, definition }: Facts, heading: string): void {
  const inference = inferenceFolder(profile);
  const { SupportedContentTypes, SupportedResponseMIMETypes } = definition.InferenceSpecification;
  const listed = (types: readonly string[]) => types.map((type) => `\`${type}\``).join(', ');
  page.section(
    3,
    heading,
    `
A request has a body and two headers: **ContentType** says what the body is, **Accept** what the answer should be.

- Requests may be ${listed(SupportedContentTypes)}.
- Answers may be ${listed(SupportedResponseMIMETypes)}.

\`${inference}/input/real-time\` has samples of them, \`samples.csv\` lists these with their headers, and \`${inference}/output/real-time\` has
the answers that they get.`,
  );
  page.run(`
inputs, outputs = Path("${inference}/input/real-time"), Path("${inference}/output/real-time")
samples = pd.read_csv("${inference}/samples.csv")
samples
`);
}

/** Sends the samples; those whose answer must be the same on every machine are compared with the stored ones. */
export function realTime(page: Page, facts: Facts, heading: string): void {
  const { profile } = facts;
  const inference = inferenceFolder(profile);
  page.section(3, heading, 'First one request, as it is and as it is answered.');
  const [first, ...others] = shownSamples(facts);
  page.run(
    `
def predict(body, content_type, accept):
    answer = runtime.invoke_endpoint(EndpointName=name, Body=body, ContentType=content_type, Accept=accept)
    return answer["Body"].read()

${first ? `\nbody = (inputs / "${basename(first.input)}").read_bytes()\nprint(body.decode())` : ''}
`.trim(),
  );
  for (const sample of first ? [first, ...others] : []) {
    if (sample === first) page.say('Its answer, in the format that Accept asks for:');
    else if (sample.accept.includes(';')) {
      page.say(`A parameter of Accept asks for more: \`${sample.accept}\`.`);
    } else page.say(`The same in another format: \`${sample.contentType}\`, answered as \`${sample.accept}\`.`);
    const body = sample === first ? 'body' : `(inputs / "${basename(sample.input)}").read_bytes()`;
    page.run(
      `print(predict(${body}, ${JSON.stringify(sample.contentType)}, ${JSON.stringify(sample.accept)}).decode(), end="")`,
      sampleTag(`${inference}/output/real-time/${basename(sample.expectedOutput)}`),
    );
  }
  page.say(
    'Now all of the samples. An answer that differs in its last digits is no fault: processors round differently.',
  );
  page.run(`
for sample in samples.itertuples():
    answer = predict((inputs / sample.input).read_bytes(), sample.content_type, sample.accept)
    result = "as stored" if answer == (outputs / sample.output).read_bytes() else "differs from the stored answer"
    print(f"{sample.input:10} {sample.content_type:30} {sample.accept:45} {len(answer):5} bytes, {result}")
`);
}

export function deleteEndpoint(page: Page, heading: string): void {
  page.section(3, heading, 'From here on nothing runs, and nothing but storage costs.');
  page.run(
    `
delete(sagemaker.delete_endpoint, EndpointName=name)
delete(sagemaker.delete_endpoint_config, EndpointConfigName=name)
`,
    { tags: ['clean-up'] },
  );
}

export function batch(page: Page, facts: Facts, heading: string): void {
  const { profile, product, batchFiles, transformAmi } = facts;
  const job = requiredTransformJob(profile);
  const inference = inferenceFolder(profile);
  page.section(
    2,
    heading,
    `
A **batch transform** starts instances, sends them all files of a folder, writes an answer for each file, and ends the instances.
It is what you want for many rows at a time; there is no endpoint to keep.${
      job.splitType === 'Line'
        ? ' SplitType Line sends lines of a file, several at a time, so that files may be of any size.'
        : ''
    }`,
  );
  const resources = {
    ...{ InstanceType: product.recommended.batch, InstanceCount: 1 },
    ...(transformAmi !== undefined && { TransformAmiVersion: transformAmi }),
  };
  const limits = Object.entries(transformLimits(job)).map(([name, value]) => `\n    ${name}=${pythonOf(value)},`);
  page.run(`
sagemaker.create_transform_job(
    TransformJobName=name,
    ModelName=name,
    TransformInput={
        "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": upload("${inference}/input/batch")}},
        "ContentType": ${JSON.stringify(job.contentType)},
        "SplitType": "${job.splitType}",
        "CompressionType": "${job.compressionType}",
    },
    TransformOutput={
        "S3OutputPath": f"s3://{bucket}/{name}/batch-output",
        "Accept": ${JSON.stringify(job.accept)},
        "AssembleWith": "${job.assembleWith}",
    },
    TransformResources=${pythonOf(resources, 4)},${limits.join('')}
)
job = wait(sagemaker.describe_transform_job, "TransformJobStatus", TransformJobName=name)
print("The transform job is", job["TransformJobStatus"])
`);
  const [file = 'input'] = batchFiles;
  page.say(`The answer to a file has its name with \`.out\`. The first lines of \`${file}.out\`:`);
  page.run(
    `
answer = s3.get_object(Bucket=bucket, Key=f"{name}/batch-output/${file}.out")["Body"].read().decode()
print("".join(answer.splitlines(keepends=True)[:${BATCH_LINES}]), end="")
`,
    isExact(facts) ? { ...sampleTag(`${inference}/output/batch/${file}.out`), lines: BATCH_LINES } : {},
  );
}

// --- internal ---

const BATCH_LINES = 5;
/** Of samples that are shown by themselves, and the characters of each. */
const SHOWN = 2;
const SHOWN_CHARACTERS = 800;
/** Answers that differ by more than this between machines are not compared byte by byte. */
const EXACT_TOLERANCE = 1e-6;

function sampleTag(sample: string) {
  return { tags: ['sample-output'], sample };
}

function isExact({ profile }: Facts): boolean {
  return profile.relativeTolerance <= EXACT_TOLERANCE;
}

/** The first short ones of text, of different content types, and one whose Accept has a parameter. */
function shownSamples(facts: Facts) {
  const { profile } = facts;
  const shown: (typeof profile.realTime)[number][] = [];
  const short = profile.realTime.filter((sample) => isShowable(facts, sample));
  for (const sample of short) {
    const isOther = shown.every(({ contentType }) => contentType !== sample.contentType);
    if (isOther && shown.length < SHOWN) shown.push(sample);
  }
  const withParameter = short.find(({ accept }) => accept.includes(';'));
  return withParameter && shown.every(({ accept }) => !accept.includes(';')) ? [...shown, withParameter] : shown;
}

/** Without fractions where they differ between machines. */
function isShowable(facts: Facts, sample: Facts['profile']['realTime'][number]): boolean {
  const [input, output] = [facts.text(sample.input), facts.text(sample.expectedOutput)];
  const isText = input !== undefined && output !== undefined && !/\r/.test(output);
  const isShort = (input?.length ?? 0) + (output?.length ?? 0) <= SHOWN_CHARACTERS;
  return isText && isShort && (isExact(facts) || !/\d\.\d/.test(output));
}
