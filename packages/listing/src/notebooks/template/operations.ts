/** The notebook on running an endpoint: what it can bear, alarms, scaling, and the move to a new version. */
import type { Facts } from '../facts.js';
import type { Notebook } from '../notebook.js';
import { deployment } from './inference.js';
import { alarms, scaling, throughput } from './load.js';
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
