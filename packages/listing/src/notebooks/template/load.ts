/** What an endpoint can bear, and what is set by that: sections of the notebook on running one. */
import type { Facts } from '../facts.js';
import { inferenceFolder } from '../layout.js';
import type { Page } from './page.js';

export function throughput(page: Page, { profile }: Facts): void {
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

export function alarms(page: Page): void {
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

export function scaling(page: Page): void {
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
