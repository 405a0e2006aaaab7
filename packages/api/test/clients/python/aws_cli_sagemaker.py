"""The AWS CLI with SageMaker, as people type it; what is long comes from a file."""
import os
import time
import urllib.request

import made_algorithm as made
from aws_cli import FOLDER, VERSIONS, Failed, answer, aws, fails, from_file
from steps import Absent, run, step

BUCKET = "cli-data"
JOB = ["--training-job-name", "cli-job"]
ENDPOINT = ["--endpoint-name", "cli-endpoint"]
TUNE = ["--hyper-parameter-tuning-job-name", "cli-tune"]


def sagemaker(operation, *arguments, **members):
    return answer("sagemaker", operation, *arguments, **members)


def invoke_endpoint(body, content_type, name="cli-endpoint"):
    (FOLDER / "body").write_bytes(body)
    options = ["--endpoint-name", name, "--content-type", content_type, "--body", "fileb://body"]
    found = answer("sagemaker-runtime", "invoke-endpoint", *options, "answer")
    return found, (FOLDER / "answer").read_bytes()


def read(key):
    aws("s3", "cp", f"s3://{BUCKET}/{key}", "read", "--only-show-errors")
    return (FOLDER / "read").read_bytes()


def settled(operation, name, status):
    """What is described when it is no longer being worked on. The CLI's own waiters ask every 30 to 120 s."""
    while (found := sagemaker(operation, *name))[status] in ("Pending", "InProgress", "Creating", "Stopping"):
        time.sleep(0.1)
    return found


@step("upload")
def upload():
    aws("s3", "mb", f"s3://{BUCKET}")
    for name, channel in made.PROFILE["trainingJob"]["channels"].items():
        aws("s3", "sync", str(made.SAMPLE_DATA / channel["path"]), f"s3://{BUCKET}/{name}")
    aws("s3", "sync", str(made.SAMPLE_DATA / made.PROFILE["transformJob"]["input"]), f"s3://{BUCKET}/batch")


@step("presigned URL")
def presigned_url():
    (file, key), *_ = made.uploads()
    url = aws("s3", "presign", f"s3://{BUCKET}/{key}").strip()
    assert urllib.request.urlopen(url).read() == file.read_bytes(), url


@step("train")
def train():
    created = sagemaker(
        *("create-training-job", *JOB, "--role-arn", made.ROLE),
        *("--hyper-parameters", "smoothing=0.5", "--tags", "Key=team,Value=a"),
        *("--output-data-config", f"S3OutputPath=s3://{BUCKET}/out"),
        *("--resource-config", f"InstanceType={made.INSTANCE},InstanceCount=1,VolumeSizeInGB=5"),
        *("--stopping-condition", "MaxRuntimeInSeconds=600"),
        algorithm_specification=made.job(BUCKET)["AlgorithmSpecification"],
        input_data_config=made.channels(BUCKET),
    )
    assert created["TrainingJobArn"].endswith(":training-job/cli-job"), created


@step("wait")
def wait():
    made.check_trained(settled("describe-training-job", JOB, "TrainingJobStatus"))
    assert aws("sagemaker", "wait", "training-job-completed-or-stopped", *JOB) == ""


@step("error: quota")
def quota():
    from_file("sagemaker", "create-training-job", {"TrainingJobName": "cli-stop", **made.waiting_job(BUCKET)})
    request = {"TrainingJobName": "cli-more", **made.waiting_job(BUCKET)}
    fails("ResourceLimitExceeded", from_file, "sagemaker", "create-training-job", request)


@step("stop")
def stop():
    name = ["--training-job-name", "cli-stop"]
    sagemaker("stop-training-job", *name)
    assert settled("describe-training-job", name, "TrainingJobStatus")["TrainingJobStatus"] == "Stopped"
    assert aws("sagemaker", "wait", "training-job-completed-or-stopped", *name) == ""


@step("list, by pages")
def list_pages():
    query = ["--query", "TrainingJobSummaries[].TrainingJobName"]
    assert sagemaker("list-training-jobs", "--page-size", "1", *query) == ["cli-job", "cli-stop"]
    first = sagemaker("list-training-jobs", "--max-items", "1")
    assert [job["TrainingJobName"] for job in first["TrainingJobSummaries"]] == ["cli-job"], first
    assert sagemaker("list-training-jobs", "--starting-token", first["NextToken"], *query) == ["cli-stop"]


@step("search")
def search():
    expression = {"Filters": [{"Name": "Tags.team", "Operator": "Equals", "Value": "a"}]}
    found = sagemaker("search", "--resource", "TrainingJob", search_expression=expression)["Results"]
    assert [result["TrainingJob"]["TrainingJobName"] for result in found] == ["cli-job"], found


@step("tune")
def tune():
    sagemaker(
        "create-hyper-parameter-tuning-job",
        *TUNE,
        hyper_parameter_tuning_job_config=made.tuning_config(),
        training_job_definition=made.tuning_definition(BUCKET),
    )
    found = settled("describe-hyper-parameter-tuning-job", TUNE, "HyperParameterTuningJobStatus")
    assert found["HyperParameterTuningJobStatus"] == "Completed", found
    listed = sagemaker("list-training-jobs-for-hyper-parameter-tuning-job", *TUNE, "--page-size", "2")
    names = [summary["TrainingJobName"] for summary in listed["TrainingJobSummaries"]]
    assert len(names) == 3 and found["BestTrainingJob"]["TrainingJobName"] in names, (names, found)
    sagemaker("delete-hyper-parameter-tuning-job", *TUNE)
    fails("ResourceNotFound", sagemaker, "describe-hyper-parameter-tuning-job", *TUNE)


@step("model")
def model():
    artifacts = aws("sagemaker", "describe-training-job", *JOB, "--query", "ModelArtifacts.S3ModelArtifacts", "--output", "text")
    container = f"Image={made.IMAGE},ModelDataUrl={artifacts.strip()}"
    name = ["--model-name", "cli-model"]
    sagemaker("create-model", *name, "--primary-container", container, "--execution-role-arn", made.ROLE)
    assert sagemaker("describe-model", *name)["PrimaryContainer"]["Image"] == made.IMAGE


@step("transform")
def transform():
    name = ["--transform-job-name", "cli-transform"]
    request = made.transform(BUCKET)
    sagemaker(
        *("create-transform-job", *name, "--model-name", "cli-model"),
        *("--transform-resources", f"InstanceType={made.INSTANCE},InstanceCount=1"),
        transform_input=request["TransformInput"],
        transform_output=request["TransformOutput"],
    )
    settled("describe-transform-job", name, "TransformJobStatus")
    assert aws("sagemaker", "wait", "transform-job-completed-or-stopped", *name) == ""
    made.check_transformed(read)


@step("endpoint")
def endpoint():
    config = ["--endpoint-config-name", "cli-config"]
    variant = ",".join(f"{name}={value}" for name, value in made.variant("cli-model").items())
    sagemaker("create-endpoint-config", *config, "--production-variants", variant)
    sagemaker("create-endpoint", *ENDPOINT, *config)
    settled("describe-endpoint", ENDPOINT, "EndpointStatus")
    assert aws("sagemaker", "wait", "endpoint-in-service", *ENDPOINT) == ""


@step("invoke")
def invoke():
    for body, content_type, expected in made.samples():
        found, text = invoke_endpoint(body, content_type)
        made.check_answer(text, expected)
        assert found["InvokedProductionVariant"] == "all", found


@step("error: stream")
@step("stream")
def stream():
    operation = "invoke-endpoint-with-response-stream"
    try:
        aws("sagemaker-runtime", operation, *ENDPOINT, "--body", "x", "answer")
    except Failed as error:
        assert error.code == 2 and "Invalid choice, valid choices are" in str(error), error
        assert operation not in str(error), error
        raise Absent(f"version 1 has no {operation}")
    raise AssertionError(f"the CLI has {operation} now: use it in this step")


@step("invoke, asynchronously")
def invoke_async():
    name, config = ["--endpoint-name", "cli-async"], ["--endpoint-config-name", "cli-async"]
    variant = ",".join(f"{member}={value}" for member, value in made.variant("cli-model").items())
    answers = f"OutputConfig={{S3OutputPath=s3://{BUCKET}/answers}}"
    sagemaker("create-endpoint-config", *config, "--production-variants", variant, "--async-inference-config", answers)
    sagemaker("create-endpoint", *name, *config)
    settled("describe-endpoint", name, "EndpointStatus")
    place = ["--input-location", f"s3://{BUCKET}/batch/01.txt", "--content-type", "text/plain"]
    found = answer("sagemaker-runtime", "invoke-endpoint-async", *name, *place)
    key = found["OutputLocation"].removeprefix(f"s3://{BUCKET}/")
    while "Contents" not in answer("s3api", "list-objects-v2", "--bucket", BUCKET, "--prefix", "answers/"):
        time.sleep(0.1)
    assert aws("s3api", "wait", "object-exists", "--bucket", BUCKET, "--key", key) == ""
    made.check_answer(read(key), made.SAMPLE_DATA / "inference/batch-output/01.txt.out")
    sagemaker("delete-endpoint", *name)
    while "cli-async" in str(sagemaker("list-endpoints")):
        time.sleep(0.1)
    sagemaker("delete-endpoint-config", *config)


@step("algorithm")
def algorithm():
    from_file("sagemaker", "create-algorithm", {"AlgorithmName": "cli-algorithm", **made.algorithm(BUCKET)})
    found = settled("describe-algorithm", ["--algorithm-name", "cli-algorithm"], "AlgorithmStatus")
    assert found["AlgorithmStatus"] == "Completed", found


def create_package(name, *options):
    source = made.package_source("cli-algorithm", BUCKET, "cli-job")
    return sagemaker("create-model-package", "--model-package-name", name, *options, source_algorithm_specification=source)


@step("package")
def package():
    arn = create_package("cli-package")["ModelPackageArn"]
    found = sagemaker("describe-model-package", "--model-package-name", arn)
    assert found["ModelPackageStatus"] == "Completed", found


@step("a lost answer, asked again")
def retry():
    lossy = ["--endpoint-url", os.environ["LOSSY_URL"]]
    made.check_trained(sagemaker("describe-training-job", *JOB, *lossy))
    create_package("cli-once", *lossy)
    names = sagemaker("list-model-packages", "--query", "ModelPackageSummaryList[].ModelPackageName")
    assert sorted(names) == ["cli-once", "cli-package"], names


@step("error: not found")
def not_found():
    message = fails("ValidationException", sagemaker, "describe-training-job", "--training-job-name", "none")
    assert message.endswith("DescribeTrainingJob operation: Requested resource not found."), message
    message = fails("ValidationException", sagemaker, "describe-model", "--model-name", "none")
    assert 'Could not find model "arn:' in message, message
    fails("ValidationError", invoke_endpoint, b"x", "text/plain", name="none")


@step("error: in use")
def in_use():
    request = {"TrainingJobName": "cli-job", **made.job(BUCKET)}
    message = fails("ResourceInUse", from_file, "sagemaker", "create-training-job", request)
    assert "already exists" in message, message


@step("error: constraint")
def constraint():
    request = {"TrainingJobName": "a_b", **made.job(BUCKET)}
    message = fails("ValidationException", from_file, "sagemaker", "create-training-job", request)
    assert "failed to satisfy constraint: Member must satisfy regular expression pattern" in message, message


@step("error: hyperparameter")
def hyperparameter():
    request = {"TrainingJobName": "cli-refused", **made.job_of("cli-algorithm", BUCKET)}
    message = fails("ValidationException", from_file, "sagemaker", "create-training-job", request)
    assert "smoothing" in message and "1000" in message, message
    name = ["--training-job-name", "cli-failed"]
    request = {"TrainingJobName": "cli-failed", **made.job(BUCKET, HyperParameters={"smoothing": "1000"})}
    from_file("sagemaker", "create-training-job", request)
    made.check_refused(settled("describe-training-job", name, "TrainingJobStatus"))
    try:
        aws("sagemaker", "wait", "training-job-completed-or-stopped", *name)
    except Failed as error:
        assert error.code == 255 and "Waiter TrainingJobCompletedOrStopped failed" in str(error), error
        return
    raise AssertionError("the waiter must fail with the job")


@step("error: model")
def model_error():
    message = fails("ModelError", invoke_endpoint, b"{}", "application/json")
    assert "Received client error (400) from primary" in message, message


@step("error: no such operation")
def no_such_operation():
    message = fails("UnknownOperationException", sagemaker, "list-notebook-instances")
    assert '"ListNotebookInstances"' in message, message


@step("delete")
def delete():
    sagemaker("delete-endpoint", *ENDPOINT)
    while sagemaker("list-endpoints")["Endpoints"]:
        time.sleep(0.1)
    assert aws("sagemaker", "wait", "endpoint-deleted", *ENDPOINT) == ""
    sagemaker("delete-endpoint-config", "--endpoint-config-name", "cli-config")
    sagemaker("delete-model", "--model-name", "cli-model")
    for name in ("cli-package", "cli-once"):
        sagemaker("delete-model-package", "--model-package-name", name)
    sagemaker("delete-algorithm", "--algorithm-name", "cli-algorithm")
    sagemaker("delete-training-job", *JOB)
    fails("ValidationException", sagemaker, "describe-training-job", *JOB)


run(VERSIONS)
