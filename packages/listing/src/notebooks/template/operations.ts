/** The notebook on running an endpoint: what it can bear, alarms, scaling, and the move to a new version. */
import type { Facts } from '../facts.js';
import { inferenceFolder } from '../layout.js';
import type { Notebook } from '../notebook.js';
import { deployment } from './inference.js';
import { openPage, type Page } from './page.js';
import { environment, introduction, lastCleanUp, storage, subscription } from './start.js';
import { modelPackage, trainingJob, uploads } from './training.js';

export function operationsNotebook(facts: Facts): Notebook {
  const page = openPage();
  introduction(
    page,
    `Run ${facts.product.title} in production`,
    `An endpoint that others depend on must be large enough, must call for help when something goes wrong, and must move to a new version
without anybody noticing. This notebook measures what one instance can bear, sets alarms and scaling by the measured numbers, and
replaces the version that serves by another one while requests come in.`,
    `**Costs.** This notebook starts one training job and one endpoint, which becomes another one in section 6; for a short time both run. Alarms have
a small price of their own. Run the clean-up also if you stop halfway: an endpoint costs until it is deleted.`,
  );
  subscription(page, facts, 'algorithm');
  page.section(
    2,
    '2. Deploy a model',
    'A name for all that this notebook makes, your bucket, and a function that uploads files to it.',
  );
  storage(page, facts);
  environment(page);
  page.say(
    'Libraries for tables and pictures, what it takes to ask in parallel, clients for alarms and scaling, and what will be scaled.',
  );
  page.run(`
import threading
from concurrent.futures import ThreadPoolExecutor

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

cloudwatch, autoscaling = boto3.client("cloudwatch"), boto3.client("application-autoscaling")
target = {
    "ServiceNamespace": "sagemaker",
    "ResourceId": f"endpoint/{name}/variant/all",
    "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
}
`);
  uploads(page, facts, '2.A Upload the sample data');
  trainingJob(page, facts, '2.B Train a model', 'With the hyperparameters of the sample job.');
  modelPackage(page, '2.C Make a model package');
  deployment(page, facts, '2.D Deploy it');
  throughput(page, facts);
  alarms(page);
  scaling(page);
  newVersion(page, facts);
  lastCleanUp(
    page,
    7,
    'what was made',
    `
delete(autoscaling.delete_scaling_policy, PolicyName=name, **target)
delete(autoscaling.deregister_scalable_target, **target)
delete(cloudwatch.delete_alarms, AlarmNames=[f"{name}-{alarm}" for alarm in ("slow", "failing", "refusing")])
delete(sagemaker.delete_endpoint, EndpointName=name)
for version in (name, f"{name}-2"):
    delete(sagemaker.delete_endpoint_config, EndpointConfigName=version)
    delete(sagemaker.delete_model, ModelName=version)
    delete(sagemaker.delete_model_package, ModelPackageName=version)
`,
  );
  return page.notebook();
}

// --- internal ---

function throughput(page: Page, { profile }: Facts): void {
  page.section(
    2,
    '3. Measure the throughput',
    `
How many requests a second can one instance answer, and how long does an answer take then? 1, 2, 4 and 8 clients ask at the same
time, for two seconds each. As long as the instance has room, more clients get more answers; then they only wait longer.

Measure with requests like your own: with as many rows, in the same format. These are those of the first sample.`,
  );
  page.run(`
from botocore.config import Config

sample = pd.read_csv("${inferenceFolder(profile)}/samples.csv").iloc[0]
body = (Path("${inferenceFolder(profile)}/input/real-time") / sample.input).read_bytes()
# No repeated requests, and a connection for each client.
runtime = boto3.client("sagemaker-runtime", config=Config(max_pool_connections=8, retries={"max_attempts": 0}))


def predict():
    """Seconds until the whole answer is there."""
    started = time.perf_counter()
    answer = runtime.invoke_endpoint(
        EndpointName=name, Body=body, ContentType=sample.content_type, Accept=sample.accept
    )
    answer["Body"].read()
    return time.perf_counter() - started


def measure(clients, seconds=2):
    """Requests per second, and the time that 99 of 100 answers stay below, in milliseconds."""
    end = time.perf_counter() + seconds

    def ask(_):
        times = []
        while time.perf_counter() < end:
            times.append(predict())
        return times

    with ThreadPoolExecutor(clients) as pool:
        times = [one for times in pool.map(ask, range(clients)) for one in times]
    return {"clients": clients, "requests per second": len(times) / seconds, "p99 in ms": 1000 * np.percentile(times, 99)}


predict()  # the first request loads what the later ones find
measured = pd.DataFrame([measure(clients) for clients in (1, 2, 4, 8)]).set_index("clients")
measured.round(1)
`);
  page.say(
    'These numbers are of the machine that the cell was run on: measure on the instance type that you will use. The stored ones were measured without AWS, on a machine of the seller.\n\nThe same as pictures. Where the left line stops growing, the instance is busy; from there on the right one only gets longer.',
  );
  page.run(
    `
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 3), layout="constrained")
measured["requests per second"].plot(ax=left, marker="o", ylim=0, title="requests per second")
measured["p99 in ms"].plot(ax=right, marker="o", ylim=0, title="99 of 100 answers take less, in ms")
plt.show()
`,
    { tags: ['sample-output'] },
  );
}

function alarms(page: Page): void {
  page.section(
    2,
    '4. Set alarms',
    `
SageMaker sends metrics of every endpoint to Amazon CloudWatch, a value per minute:

| metric | what it says |
|---|---|
| \`ModelLatency\` | time of an answer in the container, in **microseconds** |
| \`Invocation5XXErrors\` | requests that failed in the container: a fault of the software, or too much load |
| \`Invocation4XXErrors\` | requests that were refused: their data or format is wrong |

An alarm watches one of them. These three are set by what was measured: answers that take three times as long as they should. To be
told of an alarm, make a topic of Amazon SNS and put its ARN into AlarmActions.`,
  );
  page.run(`
usual = measured["p99 in ms"].iloc[0]  # with one client: nobody waits for another one
alarms = {
    "slow": {"MetricName": "ModelLatency", "ExtendedStatistic": "p99", "Threshold": float(round(3 * 1000 * usual))},
    "failing": {"MetricName": "Invocation5XXErrors", "Statistic": "Sum", "Threshold": 0.0},
    "refusing": {"MetricName": "Invocation4XXErrors", "Statistic": "Sum", "Threshold": 10.0},
}
for alarm, settings in alarms.items():
    cloudwatch.put_metric_alarm(
        AlarmName=f"{name}-{alarm}",
        Namespace="AWS/SageMaker",
        Dimensions=[{"Name": "EndpointName", "Value": name}, {"Name": "VariantName", "Value": "all"}],
        Period=60,
        EvaluationPeriods=3,
        DatapointsToAlarm=2,  # two of three minutes: one slow minute wakes nobody
        ComparisonOperator="GreaterThanThreshold",
        TreatMissingData="notBreaching",  # no requests, no fault
        AlarmActions=[],
        **settings,
    )
found = cloudwatch.describe_alarms(AlarmNamePrefix=name)["MetricAlarms"]
pd.DataFrame(found)[["AlarmName", "MetricName", "Threshold", "StateValue"]].set_index("AlarmName")
`);
}

function scaling(page: Page): void {
  page.section(
    2,
    '5. Scale by the measured throughput',
    `
Application Auto Scaling adds instances while each of them gets more requests than a target, and removes them again. Its metric,
\`SageMakerVariantInvocationsPerInstance\`, counts requests **per minute**. AWS's rule for the target is

    target = requests per second that one instance can answer × 0.5 × 60

The factor 0.5 leaves room: a new instance takes minutes to start, and load keeps growing meanwhile. Make it larger when your load
changes slowly. MaxCapacity is a limit on your bill.`,
  );
  page.run(`
peak = measured["requests per second"].max()
autoscaling.register_scalable_target(MinCapacity=1, MaxCapacity=4, **target)
autoscaling.put_scaling_policy(
    PolicyName=name,
    PolicyType="TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration={
        "TargetValue": float(round(peak * 0.5 * 60)),
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 600,  # do not remove what may be needed again soon
    },
    **target,
)
policies = autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker", ResourceId=target["ResourceId"])
policy = policies["ScalingPolicies"][0]["TargetTrackingScalingPolicyConfiguration"]
print(f"{peak:.0f} requests per second; a target of {policy['TargetValue']:.0f} requests per minute and instance")
`);
}

function newVersion(page: Page, facts: Facts): void {
  const { product, inferenceAmi } = facts;
  page.section(
    2,
    '6. Move to a new version',
    `
Each version of the product has an ARN of its own, and the one that you use stays as it is until you move. You get a mail when there is
a new one; read its release notes first.

An endpoint is moved by a new configuration. SageMaker starts instances with it next to the old ones, and when they are healthy sends
**all requests in one step** to them; then it ends the old ones. Products of AWS Marketplace cannot be moved in steps (canary, linear, rolling),
and alarms do not roll them back. So try a new version on an endpoint of its own first, and keep the old configuration: with it, the
same call is the way back.

The artifacts are those of before: a version that reads the artifacts of its predecessor needs no new training. Otherwise its release notes
say so, and section 2 trains again.`,
  );
  const ami = inferenceAmi === undefined ? '' : `,\n            "InferenceAmiVersion": "${inferenceAmi}"`;
  page.run(`
new_algorithm_arn = algorithm_arn  # the ARN of the new version, when there is one
sagemaker.create_model_package(
    ModelPackageName=f"{name}-2",
    SourceAlgorithmSpecification={
        "SourceAlgorithms": [{"AlgorithmName": new_algorithm_arn, "ModelDataUrl": model_data}]
    },
)
new_package = wait(sagemaker.describe_model_package, "ModelPackageStatus", ModelPackageName=f"{name}-2")
new_model_package_arn = new_package["ModelPackageArn"]
sagemaker.create_model(
    ModelName=f"{name}-2",
    PrimaryContainer={"ModelPackageName": new_model_package_arn},
    ExecutionRoleArn=role,
    EnableNetworkIsolation=True,
)
new_configuration = sagemaker.create_endpoint_config(
    EndpointConfigName=f"{name}-2",
    ProductionVariants=[
        {
            "VariantName": "all",  # as before: scaling and alarms belong to this name
            "ModelName": f"{name}-2",
            "InstanceType": "${product.recommended.realTime}",
            "InitialInstanceCount": 1${ami},
        }
    ],
)
`);
  page.say('While the endpoint moves, a client keeps asking. Nobody should notice: every request gets an answer.');
  page.run(`
moved = threading.Event()


def keep_asking():
    answered = 0
    while not moved.is_set():
        predict()
        answered += 1
    return answered


with ThreadPoolExecutor(1) as pool:
    asking = pool.submit(keep_asking)
    try:
        sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=f"{name}-2", RetainAllVariantProperties=True)
        endpoint = wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
    finally:
        moved.set()
    answered = asking.result()  # raises if a request failed
print("The endpoint is", endpoint["EndpointStatus"], "with", endpoint["EndpointConfigName"][len(name):] or "the old version")
print("All requests were answered meanwhile" if answered else "There was no request meanwhile")
`);
  page.say(`
RetainAllVariantProperties keeps the number of instances that scaling has chosen. The way back is the same call with the old
configuration:`);
  page.run(`
sagemaker.update_endpoint(EndpointName=name, EndpointConfigName=name, RetainAllVariantProperties=True)
endpoint = wait(sagemaker.describe_endpoint, "EndpointStatus", EndpointName=name)
print("The endpoint is", endpoint["EndpointStatus"], "with the old configuration:", endpoint["EndpointConfigName"] == name)
`);
}
