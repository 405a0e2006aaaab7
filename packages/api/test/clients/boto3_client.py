"""boto3, unchanged: only AWS_ENDPOINT_URL says where the services are."""
import time

import boto3
import botocore

from steps import fails, run, step

sagemaker = boto3.client("sagemaker")
runtime = boto3.client("sagemaker-runtime")
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
def transform():
    sagemaker.create_transform_job(
        TransformJobName="boto3-transform",
        ModelName="boto3-model",
        TransformInput={
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/train/"}},
            "ContentType": "text/csv",
            "SplitType": "Line",
        },
        TransformOutput={"S3OutputPath": "s3://data/predicted", "Accept": "text/csv", "AssembleWith": "Line"},
        TransformResources={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1},
    )
    waiter = sagemaker.get_waiter("transform_job_completed_or_stopped")
    waiter.wait(TransformJobName="boto3-transform", WaiterConfig={"Delay": 1})
    body = boto3.client("s3").get_object(Bucket="data", Key="predicted/a.csv.out")["Body"].read()
    assert body == b"13\n17\n", body


@step
def endpoint():
    variant = {"VariantName": "a", "ModelName": "boto3-model", "InstanceType": "ml.m5.xlarge", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(
        EndpointConfigName="boto3-config",
        ProductionVariants=[variant],
        AsyncInferenceConfig={"OutputConfig": {"S3OutputPath": "s3://data/answers"}},
    )
    sagemaker.create_endpoint(EndpointName="boto3-endpoint", EndpointConfigName="boto3-config")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="boto3-endpoint", WaiterConfig={"Delay": 1})


@step
def invoke():
    answer = runtime.invoke_endpoint(EndpointName="boto3-endpoint", Body=b"5", ContentType="text/csv", Accept="text/csv")
    assert answer["Body"].read() == b"15", answer
    assert answer["InvokedProductionVariant"] == "a", answer
    assert answer["ContentType"] == "text/csv", answer
    fails("ValidationError", runtime.invoke_endpoint, EndpointName="none", Body=b"5")


@step
def stream():
    answer = runtime.invoke_endpoint_with_response_stream(EndpointName="boto3-endpoint", Body=b"5\n6", ContentType="text/csv")
    assert b"".join(event["PayloadPart"]["Bytes"] for event in answer["Body"]) == b"15\n16"
    assert answer["ContentType"] == "text/csv", answer


@step
def invoke_async():
    answer = runtime.invoke_endpoint_async(EndpointName="boto3-endpoint", InputLocation="s3://data/train/a.csv")
    key = answer["OutputLocation"].removeprefix("s3://data/")
    s3 = boto3.client("s3")
    s3.get_waiter("object_exists").wait(Bucket="data", Key=key, WaiterConfig={"Delay": 1})
    assert s3.get_object(Bucket="data", Key=key)["Body"].read() == b"13\n17"


@step
def delete_endpoint():
    sagemaker.delete_endpoint(EndpointName="boto3-endpoint")
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName="boto3-endpoint", WaiterConfig={"Delay": 1})
    sagemaker.delete_endpoint_config(EndpointConfigName="boto3-config")


@step
def algorithm():
    training = {
        "TrainingImage": IMAGE,
        "SupportedTrainingInstanceTypes": ["ml.m5.xlarge"],
        "TrainingChannels": [{"Name": "train", "IsRequired": True, "SupportedContentTypes": ["text/csv"], "SupportedInputModes": ["File"]}],
    }
    inference = {
        "Containers": [{"Image": IMAGE}],
        "SupportedTransformInstanceTypes": ["ml.m5.xlarge"],
        "SupportedRealtimeInferenceInstanceTypes": ["ml.m5.xlarge"],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    definition = job("-")
    profile = {
        "ProfileName": "profile",
        "TrainingJobDefinition": {
            "TrainingInputMode": "File",
            **{name: definition[name] for name in ("InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition")},
        },
    }
    sagemaker.create_algorithm(
        AlgorithmName="boto3-algorithm",
        TrainingSpecification=training,
        InferenceSpecification=inference,
        ValidationSpecification={"ValidationRole": ROLE, "ValidationProfiles": [profile]},
    )
    while True:
        found = sagemaker.describe_algorithm(AlgorithmName="boto3-algorithm")
        if found["AlgorithmStatus"] not in ("Pending", "InProgress"):
            break
        time.sleep(0.2)
    assert found["AlgorithmStatus"] == "Completed", found


@step
def package():
    source = {"AlgorithmName": "boto3-algorithm", "ModelDataUrl": "s3://data/out/boto3-job/output/model.tar.gz"}
    arn = sagemaker.create_model_package(
        ModelPackageName="boto3-package", SourceAlgorithmSpecification={"SourceAlgorithms": [source]}
    )["ModelPackageArn"]
    assert sagemaker.describe_model_package(ModelPackageName=arn)["ModelPackageStatus"] == "Completed"
    names = [found["ModelPackageName"] for found in sagemaker.list_model_packages()["ModelPackageSummaryList"]]
    assert names == ["boto3-package"], names
    sagemaker.delete_model_package(ModelPackageName="boto3-package")
    sagemaker.delete_algorithm(AlgorithmName="boto3-algorithm")


@step
def search():
    filters = [{"Name": "Tags.team", "Operator": "Equals", "Value": "a"}]
    found = sagemaker.search(Resource="TrainingJob", SearchExpression={"Filters": filters})["Results"]
    assert [result["TrainingJob"]["TrainingJobName"] for result in found] == ["boto3-job"], found


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
