/** Training, and the model package that its artifacts become. */
import { ArgumentError, PROFILE_FILE, type ValidationProfile } from '@algo/local';
import { channelForm } from '../../documents/validation-jobs.js';
import type { Facts, Hyperparameter } from '../facts.js';
import { channelFolder } from '../layout.js';
import type { Page } from './page.js';
import { pythonOf } from './python-text.js';

export function uploads(page: Page, facts: Facts, heading: string): void {
  const channels = Object.keys(facts.profile.trainingJob!.channels);
  page.section(
    3,
    heading,
    `
Training jobs read from Amazon S3. \`sagemaker-REGION-ACCOUNT\` is the bucket that SageMaker's tools use by default; it belongs to your
account, and is made here if it is not there yet.`,
  );
  page.run(
    `
channels = ${pythonOf(Object.fromEntries(channels.map((channel) => [channel, channelFolder(channel)])))}
addresses = {channel: upload(folder) for channel, folder in channels.items()}
print("Uploaded:", ", ".join(channels))
`,
  );
}

export function hyperparameterText({ hyperparameters: all, profile }: Facts): string {
  const used = profile.trainingJob!.hyperparameters;
  const rows = all
    .filter(({ Name }) => Object.hasOwn(used, Name))
    .map(({ Name, Description = '', DefaultValue, Range }) => {
      return `| \`${Name}\` | ${used[Name]} | ${DefaultValue ?? ''} | ${rangeText(Range)} | ${Description} |`;
    });
  const others = all.filter(({ Name }) => !Object.hasOwn(used, Name)).map(({ Name }) => `\`${Name}\``);
  const table = `| name | here | default | range | what it does |\n|---|---|---|---|---|\n${rows.join('\n')}`;
  return `${rows.length > 0 ? table : ''}${
    others.length > 0
      ? `\n\nThere are more, which have their defaults here: ${others.slice(0, MOST_NAMES).join(', ')}${others.length > MOST_NAMES ? ' and others' : ''}. The product's page describes them.`
      : ''
  }`;
}

/** `job`, whose artifacts are `model_data`. */
export function trainingJob(page: Page, { profile, product, settings }: Facts, heading: string, text: string): void {
  const { hyperparameters, channels, inputMode } = profile.trainingJob!;
  page.section(3, heading, `${text}\n\n${settings.training ?? ''}`);
  page.run(`hyperparameters = ${pythonOf(hyperparameters)}`);
  page.say(`
The job starts an instance, trains, writes the **artifacts** (\`model.tar.gz\`) to your bucket, and ends the instance: you pay for
that time only. The algorithm is named by its ARN, and EnableNetworkIsolation must be on.`);
  page.run(`
formats = ${pythonOf(formatsOf(channels))}


def inputs_of(addresses):
    """The channels of a job, as SageMaker has them described."""
    return [
        {
            "ChannelName": channel,
            **formats[channel],
            "DataSource": {
                "S3DataSource": {
                    "S3DataType": "S3Prefix",
                    "S3Uri": address,
                    "S3DataDistributionType": "FullyReplicated",
                }
            },
        }
        for channel, address in addresses.items()
    ]


algorithm = {"AlgorithmName": algorithm_arn, "TrainingInputMode": "${inputMode}"}
resources = {"InstanceType": "${product.recommended.training}", "InstanceCount": 1, "VolumeSizeInGB": 10}
sagemaker.create_training_job(
    TrainingJobName=name,
    AlgorithmSpecification=algorithm,
    HyperParameters=hyperparameters,
    InputDataConfig=inputs_of(addresses),
    OutputDataConfig={"S3OutputPath": f"s3://{bucket}/{name}/models"},
    ResourceConfig=resources,
    StoppingCondition={"MaxRuntimeInSeconds": 3600},
    RoleArn=role,
    EnableNetworkIsolation=True,
)
job = wait(sagemaker.describe_training_job, "TrainingJobStatus", TrainingJobName=name)
model_data = job["ModelArtifacts"]["S3ModelArtifacts"]
print("The training job is", job["TrainingJobStatus"])
pd.DataFrame(job.get("FinalMetricDataList", []), columns=["MetricName", "Value"]).set_index("MetricName")
`);
}

export function modelPackage(page: Page, heading: string): void {
  page.section(
    3,
    heading,
    `
Artifacts alone answer nothing: the software that reads them is the seller's, and not in your account. A **model package** puts
both together: the algorithm by its ARN, your artifacts by their address. It is the only way from an algorithm of AWS Marketplace to
predictions.`,
  );
  page.run(`
sagemaker.create_model_package(
    ModelPackageName=name,
    SourceAlgorithmSpecification={
        "SourceAlgorithms": [{"AlgorithmName": algorithm_arn, "ModelDataUrl": model_data}]
    },
)
package = wait(sagemaker.describe_model_package, "ModelPackageStatus", ModelPackageName=name)
model_package_arn = package["ModelPackageArn"]
print("The model package is", package["ModelPackageStatus"])
`);
}

// --- internal ---

type TrainingJob = NonNullable<ValidationProfile['trainingJob']>;

/** Of hyperparameters that are only named. */
const MOST_NAMES = 25;
/** Of the choices of one. */
const MOST_VALUES = 12;

/** @throws ArgumentError for a channel whose path is an augmented manifest: this names objects of the seller's bucket */
function formatsOf(channels: TrainingJob['channels']): Readonly<Record<string, object>> {
  const forms = Object.entries(channels).map(([name, channel]) => {
    if (channel.attributeNames === undefined) return [name, channelForm(channel)] as const;
    throw new ArgumentError(
      `${PROFILE_FILE}: trainingJob.channels.${name} must have no attributeNames for notebooks, whose buyers have files of their own; received ${channel.attributeNames.join(', ')}.`,
    );
  });
  return Object.fromEntries(forms);
}

function rangeText(range: Hyperparameter['Range']): string {
  const [found] = Object.values(range ?? {});
  if (found?.Values) return found.Values.slice(0, MOST_VALUES).join(', ');
  return found?.MinValue === undefined ? '' : `${found.MinValue} to ${found.MaxValue}`;
}
