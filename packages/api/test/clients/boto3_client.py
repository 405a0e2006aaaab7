"""boto3, unchanged: only AWS_ENDPOINT_URL says where the services are."""
import time

import boto3
import botocore

from steps import fails, run, step

sagemaker = boto3.client("sagemaker")
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3"
ROLE = "arn:aws:iam::123456789012:role/Runner"


def job(name, **changes):
    return {
        "TrainingJobName": name,
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "train:sum", "Regex": "train:sum=([-+0-9.e]+)"}],
        },
        "RoleArn": ROLE,
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "ContentType": "text/csv",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/train/"}},
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://data/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **changes,
    }


@step
def train():
    arn = sagemaker.create_training_job(**job("boto3-job"), Tags=[{"Key": "team", "Value": "a"}])["TrainingJobArn"]
    assert arn.endswith(":training-job/boto3-job"), arn
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName="boto3-job", WaiterConfig={"Delay": 1})
    found = sagemaker.describe_training_job(TrainingJobName="boto3-job")
    assert found["TrainingJobStatus"] == "Completed", found
    assert found["FinalMetricDataList"][0]["Value"] == 10, found
    assert found["CreationTime"] <= found["TrainingStartTime"] <= found["TrainingEndTime"], found
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]


@step
def stop():
    sagemaker.create_training_job(**job("boto3-stop", HyperParameters={"behave": "wait"}))
    sagemaker.stop_training_job(TrainingJobName="boto3-stop")
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName="boto3-stop", WaiterConfig={"Delay": 1})
    assert sagemaker.describe_training_job(TrainingJobName="boto3-stop")["TrainingJobStatus"] == "Stopped"


@step
def list_pages():
    pages = sagemaker.get_paginator("list_training_jobs").paginate(PaginationConfig={"PageSize": 1})
    names = [summary["TrainingJobName"] for page in pages for summary in page["TrainingJobSummaries"]]
    assert names == ["boto3-job", "boto3-stop"], names


@step
def tune():
    definition = job("")
    del definition["TrainingJobName"]
    config = {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "train:sum"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 5, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {"IntegerParameterRanges": [{"Name": "epochs", "MinValue": "1", "MaxValue": "9"}]},
    }
    name = {"HyperParameterTuningJobName": "boto3-tune"}
    sagemaker.create_hyper_parameter_tuning_job(**name, HyperParameterTuningJobConfig=config, TrainingJobDefinition=definition)
    found = sagemaker.describe_hyper_parameter_tuning_job(**name)
    while found["HyperParameterTuningJobStatus"] == "InProgress":
        time.sleep(0.1)
        found = sagemaker.describe_hyper_parameter_tuning_job(**name)
    assert found["HyperParameterTuningJobStatus"] == "Completed", found
    assert found["TrainingJobStatusCounters"]["Completed"] == 5, found
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        **name, SortBy="FinalObjectiveMetricValue", SortOrder="Descending", PaginationConfig={"PageSize": 2}
    )
    jobs = [summary for page in pages for summary in page["TrainingJobSummaries"]]
    assert len(jobs) == 5 and jobs[0] == found["BestTrainingJob"], (jobs, found)
    sagemaker.delete_hyper_parameter_tuning_job(**name)
    fails("ResourceNotFound", sagemaker.describe_hyper_parameter_tuning_job, **name)


@step
def model():
    artifacts = sagemaker.describe_training_job(TrainingJobName="boto3-job")["ModelArtifacts"]["S3ModelArtifacts"]
    container = {"Image": IMAGE, "ModelDataUrl": artifacts}
    sagemaker.create_model(ModelName="boto3-model", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    assert sagemaker.describe_model(ModelName="boto3-model")["PrimaryContainer"] == container


@step
def errors():
    message = fails("ValidationException", sagemaker.describe_training_job, TrainingJobName="none")
    assert message == "Requested resource not found.", message
    message = fails("ValidationException", sagemaker.describe_model, ModelName="none")
    assert message.startswith('Could not find model "arn:'), message
    fails("ResourceInUse", sagemaker.create_training_job, **job("boto3-job"))
    message = fails("ValidationException", sagemaker.create_training_job, **job("a_b"))
    assert "failed to satisfy constraint: Member must satisfy regular expression pattern" in message, message


@step
def delete():
    sagemaker.delete_model(ModelName="boto3-model")
    sagemaker.delete_training_job(TrainingJobName="boto3-job")
    fails("ValidationException", sagemaker.describe_training_job, TrainingJobName="boto3-job")


run({"boto3": boto3.__version__, "botocore": botocore.__version__})
