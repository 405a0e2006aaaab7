"""boto3 with SageMaker, unchanged: only its environment says where the services are."""
import json
import os
import time
import urllib.request

import boto3
import botocore
from botocore.exceptions import ClientError, EventStreamError, WaiterError

import made_algorithm as made
from steps import error_of, fails, run, step

sagemaker, runtime, s3 = (boto3.client(name) for name in ("sagemaker", "sagemaker-runtime", "s3"))
BUCKET = "boto3-data"
JOB = {"TrainingJobName": "boto3-job"}
ENDPOINT = {"EndpointName": "boto3-endpoint"}
FAST = {"Delay": 1, "MaxAttempts": 600}


def read(key):
    return s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()


def settled(describe, status, **name):
    """What is described when it is no longer being worked on."""
    while (found := describe(**name))[status] in ("Pending", "InProgress"):
        time.sleep(0.1)
    return found


@step("upload")
def upload():
    s3.create_bucket(Bucket=BUCKET)
    for file, key in made.uploads():
        s3.upload_file(str(file), BUCKET, key)


@step("presigned URL")
def presigned_url():
    (file, key), *_ = made.uploads()
    url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=60)
    assert urllib.request.urlopen(url).read() == file.read_bytes(), url


@step("train")
def train():
    arn = sagemaker.create_training_job(**JOB, **made.job(BUCKET), Tags=[{"Key": "team", "Value": "a"}])["TrainingJobArn"]
    assert arn.endswith(":training-job/boto3-job"), arn
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "a"}]


@step("wait")
def wait():
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(**JOB, WaiterConfig=FAST)
    found = sagemaker.describe_training_job(**JOB)
    made.check_trained(found)
    assert found["CreationTime"] <= found["TrainingStartTime"] <= found["TrainingEndTime"], found


@step("error: quota")
def quota():
    job = made.waiting_job(BUCKET)
    sagemaker.create_training_job(TrainingJobName="boto3-stop", **job)
    error = error_of("ResourceLimitExceeded", sagemaker.create_training_job, TrainingJobName="boto3-more", **job)
    assert isinstance(error, sagemaker.exceptions.ResourceLimitExceeded), type(error)


@step("stop")
def stop():
    sagemaker.stop_training_job(TrainingJobName="boto3-stop")
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName="boto3-stop", WaiterConfig=FAST)
    assert sagemaker.describe_training_job(TrainingJobName="boto3-stop")["TrainingJobStatus"] == "Stopped"


@step("list, by pages")
def list_pages():
    pages = sagemaker.get_paginator("list_training_jobs").paginate(PaginationConfig={"PageSize": 1})
    names = [summary["TrainingJobName"] for page in pages for summary in page["TrainingJobSummaries"]]
    assert names == ["boto3-job", "boto3-stop"], names


@step("search")
def search():
    filters = [{"Name": "Tags.team", "Operator": "Equals", "Value": "a"}]
    found = sagemaker.search(Resource="TrainingJob", SearchExpression={"Filters": filters})["Results"]
    assert [result["TrainingJob"]["TrainingJobName"] for result in found] == ["boto3-job"], found


@step("tune")
def tune():
    name = {"HyperParameterTuningJobName": "boto3-tune"}
    sagemaker.create_hyper_parameter_tuning_job(
        **name,
        HyperParameterTuningJobConfig=made.tuning_config(),
        TrainingJobDefinition=made.tuning_definition(BUCKET),
    )
    found = settled(sagemaker.describe_hyper_parameter_tuning_job, "HyperParameterTuningJobStatus", **name)
    assert found["HyperParameterTuningJobStatus"] == "Completed", found
    assert found["TrainingJobStatusCounters"]["Completed"] == 3, found
    pages = sagemaker.get_paginator("list_training_jobs_for_hyper_parameter_tuning_job").paginate(
        **name, SortBy="FinalObjectiveMetricValue", SortOrder="Descending", PaginationConfig={"PageSize": 2}
    )
    jobs = [summary for page in pages for summary in page["TrainingJobSummaries"]]
    best = found["BestTrainingJob"]
    assert len(jobs) == 3 and best in jobs, (jobs, found)
    objective = "FinalHyperParameterTuningJobObjectiveMetric"
    assert jobs[0][objective]["Value"] == best[objective]["Value"], (jobs, best)
    sagemaker.delete_hyper_parameter_tuning_job(**name)
    error = error_of("ResourceNotFound", sagemaker.describe_hyper_parameter_tuning_job, **name)
    assert isinstance(error, sagemaker.exceptions.ResourceNotFound), type(error)


@step("model")
def model():
    artifacts = sagemaker.describe_training_job(**JOB)["ModelArtifacts"]["S3ModelArtifacts"]
    container = {"Image": made.IMAGE, "ModelDataUrl": artifacts}
    sagemaker.create_model(ModelName="boto3-model", PrimaryContainer=container, ExecutionRoleArn=made.ROLE)
    assert sagemaker.describe_model(ModelName="boto3-model")["PrimaryContainer"] == container


@step("transform")
def transform():
    name = {"TransformJobName": "boto3-transform"}
    sagemaker.create_transform_job(**name, ModelName="boto3-model", **made.transform(BUCKET))
    sagemaker.get_waiter("transform_job_completed_or_stopped").wait(**name, WaiterConfig=FAST)
    made.check_transformed(read)


@step("endpoint")
def endpoint():
    config = {"EndpointConfigName": "boto3-config"}
    sagemaker.create_endpoint_config(**config, ProductionVariants=[made.variant("boto3-model")])
    sagemaker.create_endpoint(**ENDPOINT, **config)
    sagemaker.get_waiter("endpoint_in_service").wait(**ENDPOINT, WaiterConfig=FAST)


@step("invoke")
def invoke():
    for body, content_type, expected in made.samples():
        answer = runtime.invoke_endpoint(**ENDPOINT, Body=body, ContentType=content_type)
        made.check_answer(answer["Body"].read(), expected)
        assert (answer["InvokedProductionVariant"], answer["ContentType"]) == ("all", "application/json"), answer
    invoke_target_model()


def invoke_target_model():
    """The same model, named by each request to an endpoint of many."""
    name, config = {"EndpointName": "boto3-many"}, {"EndpointConfigName": "boto3-many"}
    container = sagemaker.describe_model(ModelName="boto3-model")["PrimaryContainer"]
    prefix, _, archive = container["ModelDataUrl"].rpartition("/")
    many = {**container, "Mode": "MultiModel", "ModelDataUrl": f"{prefix}/"}
    sagemaker.create_model(ModelName="boto3-many", PrimaryContainer=many, ExecutionRoleArn=made.ROLE)
    sagemaker.create_endpoint_config(**config, ProductionVariants=[made.variant("boto3-many")])
    sagemaker.create_endpoint(**name, **config)
    sagemaker.get_waiter("endpoint_in_service").wait(**name, WaiterConfig=FAST)
    for body, content_type, expected in made.samples():
        answer = runtime.invoke_endpoint(**name, TargetModel=archive, Body=body, ContentType=content_type)
        made.check_answer(answer["Body"].read(), expected)
    error_of("ValidationError", runtime.invoke_endpoint, **name, Body=b"x")
    missing = error_of("ValidationError", runtime.invoke_endpoint, **name, TargetModel="none.tar.gz", Body=b"x")
    assert "Failed to download model data" in str(missing), missing
    sagemaker.delete_endpoint(**name)


@step("stream")
def stream():
    body = " ".join(made.SENTENCES).encode()
    answer = runtime.invoke_endpoint_with_response_stream(**ENDPOINT, Body=body, ContentType="text/plain")
    made.check_labels(b"".join(event["PayloadPart"]["Bytes"] for event in answer["Body"]))
    assert answer["ContentType"] == "application/json", answer


def written(place):
    """The object of that URL, when it is there."""
    key = place.removeprefix(f"s3://{BUCKET}/")
    s3.get_waiter("object_exists").wait(Bucket=BUCKET, Key=key, WaiterConfig=FAST)
    return read(key)


@step("invoke, asynchronously")
def invoke_async():
    name, config = {"EndpointName": "boto3-async"}, {"EndpointConfigName": "boto3-async"}
    sagemaker.create_endpoint_config(
        **config,
        ProductionVariants=[made.variant("boto3-model")],
        AsyncInferenceConfig={
            "OutputConfig": {"S3OutputPath": f"s3://{BUCKET}/answers", "S3FailurePath": f"s3://{BUCKET}/failures"}
        },
    )
    sagemaker.create_endpoint(**name, **config)
    sagemaker.get_waiter("endpoint_in_service").wait(**name, WaiterConfig=FAST)
    error_of("ValidationError", runtime.invoke_endpoint, **name, Body=b"x")
    request = {**name, "InputLocation": f"s3://{BUCKET}/batch/01.txt"}
    answer = runtime.invoke_endpoint_async(**request, ContentType="text/plain")
    made.check_answer(written(answer["OutputLocation"]), made.SAMPLE_DATA / "inference/batch-output/01.txt.out")
    failed = runtime.invoke_endpoint_async(**request, ContentType="application/json")
    reason = written(failed["FailureLocation"])
    assert reason.startswith(b"Received client error (400) from primary with message "), reason
    sagemaker.delete_endpoint(**name)
    sagemaker.get_waiter("endpoint_deleted").wait(**name, WaiterConfig=FAST)
    sagemaker.delete_endpoint_config(**config)


@step("algorithm")
def algorithm():
    name = {"AlgorithmName": "boto3-algorithm"}
    sagemaker.create_algorithm(**name, **made.algorithm(BUCKET))
    found = settled(sagemaker.describe_algorithm, "AlgorithmStatus", **name)
    assert found["AlgorithmStatus"] == "Completed", found


@step("package")
def package():
    source = made.package_source("boto3-algorithm", BUCKET, "boto3-job")
    arn = sagemaker.create_model_package(ModelPackageName="boto3-package", SourceAlgorithmSpecification=source)["ModelPackageArn"]
    assert sagemaker.describe_model_package(ModelPackageName=arn)["ModelPackageStatus"] == "Completed"
    container = {"ModelPackageName": arn}
    sagemaker.create_model(ModelName="boto3-packaged", PrimaryContainer=container, ExecutionRoleArn=made.ROLE)


@step("a lost answer, asked again")
def retry():
    lossy = boto3.client("sagemaker", endpoint_url=os.environ["LOSSY_URL"])
    made.check_trained(lossy.describe_training_job(**JOB))
    source = made.package_source("boto3-algorithm", BUCKET, "boto3-job")
    made_once = lossy.create_model_package(ModelPackageName="boto3-once", SourceAlgorithmSpecification=source)
    assert made_once["ResponseMetadata"]["RetryAttempts"] == 1, made_once
    names = [found["ModelPackageName"] for found in sagemaker.list_model_packages()["ModelPackageSummaryList"]]
    assert sorted(names) == ["boto3-once", "boto3-package"], names


@step("error: not found")
def not_found():
    message = fails("ValidationException", sagemaker.describe_training_job, TrainingJobName="none")
    assert message == "Requested resource not found.", message
    message = fails("ValidationException", sagemaker.describe_model, ModelName="none")
    assert message.startswith('Could not find model "arn:'), message
    error = error_of("ValidationError", runtime.invoke_endpoint, EndpointName="none", Body=b"x")
    assert isinstance(error, runtime.exceptions.ValidationError), type(error)


@step("error: in use")
def in_use():
    error = error_of("ResourceInUse", sagemaker.create_training_job, **JOB, **made.job(BUCKET))
    assert isinstance(error, sagemaker.exceptions.ResourceInUse), type(error)


@step("error: constraint")
def constraint():
    message = fails("ValidationException", sagemaker.create_training_job, TrainingJobName="a_b", **made.job(BUCKET))
    assert "failed to satisfy constraint: Member must satisfy regular expression pattern" in message, message


@step("error: hyperparameter")
def hyperparameter():
    job = made.job_of("boto3-algorithm", BUCKET)
    message = fails("ValidationException", sagemaker.create_training_job, TrainingJobName="boto3-refused", **job)
    assert "smoothing" in message and "1000" in message, message
    name = {"TrainingJobName": "boto3-failed"}
    sagemaker.create_training_job(**name, **made.job(BUCKET, HyperParameters={"smoothing": "1000"}))
    try:
        sagemaker.get_waiter("training_job_completed_or_stopped").wait(**name, WaiterConfig=FAST)
    except WaiterError as error:
        found = error.last_response
    assert found["TrainingJobStatus"] == "Failed", found
    made.check_refused(found)


@step("error: model")
def model_error():
    error = error_of("ModelError", runtime.invoke_endpoint, **ENDPOINT, Body=b"{}", ContentType="application/json")
    assert isinstance(error, runtime.exceptions.ModelError), type(error)
    assert error.response["OriginalStatusCode"] == 400, error.response
    assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 424, error.response


@step("error: stream")
def stream_error():
    body = f"{made.SENTENCES[0]} Stop!".encode()
    answer = runtime.invoke_endpoint_with_response_stream(**ENDPOINT, Body=body, ContentType="text/plain")
    parts = []
    try:
        for event in answer["Body"]:
            parts.append(event["PayloadPart"]["Bytes"])
    except EventStreamError as error:
        assert error.response["Error"]["Code"] == "ModelStreamError", error.response
        assert json.loads(b"".join(parts))["label"] == made.LABELS[0], parts
        return
    raise AssertionError("a stream that breaks off must raise an EventStreamError")


@step("error: no such operation")
def no_such_operation():
    error = error_of("UnknownOperationException", sagemaker.list_notebook_instances)
    assert type(error) is ClientError and '"ListNotebookInstances"' in str(error), error


@step("delete")
def delete():
    sagemaker.delete_endpoint(**ENDPOINT)
    sagemaker.get_waiter("endpoint_deleted").wait(**ENDPOINT, WaiterConfig=FAST)
    sagemaker.delete_endpoint_config(EndpointConfigName="boto3-config")
    for name in ("boto3-packaged", "boto3-model"):
        sagemaker.delete_model(ModelName=name)
    for name in ("boto3-package", "boto3-once"):
        sagemaker.delete_model_package(ModelPackageName=name)
    sagemaker.delete_algorithm(AlgorithmName="boto3-algorithm")
    sagemaker.delete_training_job(**JOB)
    fails("ValidationException", sagemaker.describe_training_job, **JOB)


run({"boto3": boto3.__version__, "botocore": botocore.__version__})
