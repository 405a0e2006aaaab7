"""The AWS CLI with SageMaker, as people type it."""
import importlib.metadata
import json
import os
import subprocess
import sys
import tempfile

from steps import run, step

FOLDER = tempfile.TemporaryDirectory()
AWS = os.path.join(os.path.dirname(sys.executable), "aws")
ROLE = "arn:aws:iam::123456789012:role/Runner"
DATA = '{"S3DataSource":{"S3DataType":"S3Prefix","S3Uri":"s3://data/train/"}}'


def aws(service, operation, *arguments):
    """The answer, read; the message of an error as text."""
    command = [AWS, service, operation, *arguments]
    done = subprocess.run(command, cwd=FOLDER.name, capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else {}


def create_job(name):
    return aws(
        *("sagemaker", "create-training-job", "--training-job-name", name, "--role-arn", ROLE),
        *("--algorithm-specification", "TrainingImage=sum:1.2.3,TrainingInputMode=File"),
        *("--input-data-config", f'[{{"ChannelName":"train","DataSource":{DATA}}}]'),
        *("--output-data-config", "S3OutputPath=s3://data/out"),
        *("--resource-config", "InstanceType=ml.m5.xlarge,InstanceCount=1,VolumeSizeInGB=5"),
        *("--stopping-condition", "MaxRuntimeInSeconds=600"),
    )


@step
def train():
    created = create_job("cli-job")
    assert created["TrainingJobArn"].endswith(":training-job/cli-job"), created
    while True:
        found = aws("sagemaker", "describe-training-job", "--training-job-name", "cli-job")
        if found["TrainingJobStatus"] != "InProgress":
            break
    assert found["TrainingJobStatus"] == "Completed", found


@step
def list_jobs():
    found = aws("sagemaker", "list-training-jobs", "--name-contains", "cli", "--max-items", "1")
    assert [job["TrainingJobName"] for job in found["TrainingJobSummaries"]] == ["cli-job"], found


@step
def endpoint():
    container = "Image=sum:1.2.3,ModelDataUrl=s3://data/out/cli-job/output/model.tar.gz"
    model = ["--model-name", "cli-model"]
    aws("sagemaker", "create-model", *model, "--primary-container", container, "--execution-role-arn", ROLE)
    variant = "VariantName=a,ModelName=cli-model,InstanceType=ml.m5.xlarge,InitialInstanceCount=1"
    config = ["--endpoint-config-name", "cli-config"]
    aws("sagemaker", "create-endpoint-config", *config, "--production-variants", variant)
    name = ["--endpoint-name", "cli-endpoint"]
    aws("sagemaker", "create-endpoint", *name, *config)
    while True:
        found = aws("sagemaker", "describe-endpoint", *name)
        if found["EndpointStatus"] != "Creating":
            break
    assert found["EndpointStatus"] == "InService", found


@step
def invoke():
    with open(os.path.join(FOLDER.name, "in.csv"), "w") as file:
        file.write("5")
    name = ["--endpoint-name", "cli-endpoint", "--content-type", "text/csv", "--body", "fileb://in.csv"]
    answer = aws("sagemaker-runtime", "invoke-endpoint", *name, "out.csv")
    assert answer["InvokedProductionVariant"] == "a", answer
    with open(os.path.join(FOLDER.name, "out.csv")) as file:
        assert file.read() == "15"


@step
def errors():
    message = create_job("cli-job")
    assert "(ResourceInUse)" in message and "already exists" in message, message
    message = aws("sagemaker", "describe-endpoint", "--endpoint-name", "none")
    assert '(ValidationException)' in message and 'Could not find endpoint "arn:' in message, message


@step
def delete():
    for kind in ("endpoint", "endpoint-config", "model"):
        assert aws("sagemaker", f"delete-{kind}", f"--{kind}-name", f"cli-{'config' if kind == 'endpoint-config' else kind}") == {}


run({"awscli": importlib.metadata.version("awscli")})
FOLDER.cleanup()
