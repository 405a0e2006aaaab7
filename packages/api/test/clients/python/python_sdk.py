"""
SageMaker's Python SDK v3, by its own classes: ModelTrainer, HyperparameterTuner, ModelBuilder, and the resources of
sagemaker-core. It has STS's https address built in, asks IAM for its role, and finds both by the variables of
`algo up --env`.
"""
import os
from importlib.metadata import version

import boto3
from botocore.exceptions import ClientError
from sagemaker.core import resources
from sagemaker.core.helper.session_helper import Session, get_execution_role
from sagemaker.core.inference_config import AsyncInferenceConfig
from sagemaker.core.model_registry import create_model_package_from_containers
from sagemaker.core.parameter import ContinuousParameter
from sagemaker.core.s3 import S3Downloader, S3Uploader
from sagemaker.core.shapes import MetricDefinition
from sagemaker.core.training.configs import Compute, InputData, OutputDataConfig
from sagemaker.core.transformer import Transformer
from sagemaker.core.utils.exceptions import FailedStatusError
from sagemaker.core.utils.utils import pascal_to_snake
from sagemaker.serve import ModelBuilder
from sagemaker.train.model_trainer import ModelTrainer
from sagemaker.train.tuner import HyperparameterTuner

import made_algorithm as made
from steps import Absent, error_of, fails, run, step

session = Session()
BUCKET = "sagemaker-us-east-1-000000000000"
ENDPOINT = "sdk-endpoint"
GROUP = "sdk-models"
DEFAULT_ROLE = "arn:aws:iam::000000000000:role/SageMakerRole"
# Names in these are the caller's own.
MAPS = ("HyperParameters", "StaticHyperParameters")


def shaped(value):
    """A request in the names of the SDK's shapes: TrainingImage is training_image."""
    if isinstance(value, list):
        return [shaped(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {pascal_to_snake(name): part if name in MAPS else shaped(part) for name, part in value.items()}


def create_job(name, request):
    return resources.TrainingJob.create(training_job_name=name, **shaped(request))


def read(key):
    return S3Downloader.read_file(f"s3://{BUCKET}/{key}", sagemaker_session=session)


def inputs():
    return [
        InputData(channel_name=channel["ChannelName"], content_type=channel["ContentType"], data_source=f"s3://{BUCKET}/{channel['ChannelName']}/")
        for channel in made.channels(BUCKET)
    ]


def trainer(**options):
    return ModelTrainer(
        sagemaker_session=session,
        training_image=made.IMAGE,
        compute=Compute(instance_type=made.INSTANCE, instance_count=1, volume_size_in_gb=5),
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{BUCKET}/out"),
        **options,
    )


@step("upload")
def upload():
    assert session.default_bucket() == BUCKET
    assert session.default_bucket() == BUCKET, "also when it is there"
    for name, channel in made.PROFILE["trainingJob"]["channels"].items():
        uri = session.upload_data(str(made.SAMPLE_DATA / channel["path"]), bucket=BUCKET, key_prefix=name)
        assert uri == f"s3://{BUCKET}/{name}", uri
    batch = str(made.SAMPLE_DATA / made.PROFILE["transformJob"]["input"])
    S3Uploader.upload(batch, f"s3://{BUCKET}/batch", sagemaker_session=session)


@step("presigned URL")
def presigned_url():
    made_by = [name for kind in (Session, S3Uploader, S3Downloader) for name in dir(kind) if "presign" in name]
    assert made_by == [], f"the SDK has {made_by} now: use it in this step"
    raise Absent("its S3 classes have none; boto3 makes them")


@step("train")
def train():
    assert get_execution_role(session) == DEFAULT_ROLE
    metrics = [MetricDefinition(name=metric["Name"], regex=metric["Regex"]) for metric in made.METRICS]
    model_trainer = trainer(base_job_name="sdk", hyperparameters=dict(made.HYPERPARAMETERS)).with_metric_definitions(metrics)
    model_trainer.train(input_data_config=inputs(), wait=False, logs=False)
    train.job = model_trainer._latest_training_job


@step("wait")
def wait():
    train.job.wait(poll=1, logs=True)
    made.check_trained(session.boto_session.client("sagemaker").describe_training_job(TrainingJobName=train.job.training_job_name))
    assert train.job.training_job_status == "Completed", train.job
    assert train.job.role_arn == DEFAULT_ROLE, train.job.role_arn


@step("error: quota")
def quota():
    create_job("sdk-stop", made.waiting_job(BUCKET))
    error_of("ResourceLimitExceeded", create_job, name="sdk-more", request=made.waiting_job(BUCKET))


@step("stop")
def stop():
    job = resources.TrainingJob.get("sdk-stop")
    job.stop()
    job.wait(poll=1)
    assert job.training_job_status == "Stopped", job


@step("list, by pages")
def list_pages():
    names = [f"sdk-listed-{at:02}" for at in range(11)]  # a page has 10, and the SDK sets no other size
    for name in names:
        container = {"image": made.IMAGE}
        resources.Model.create(model_name=name, primary_container=container, execution_role_arn=made.ROLE)
    listed = list(resources.Model.get_all(name_contains="sdk-listed", sort_by="Name", sort_order="Ascending"))
    assert [model.model_name for model in listed] == names, listed
    for model in listed:
        model.delete()


@step("search")
def search():
    found = [name for name in dir(resources.TrainingJob) if "search" in name]
    assert found == [], f"the SDK has {found} now: use it in this step"
    raise Absent("its TrainingJob has only get_all, with filters")


@step("tune")
def tune():
    tuner = HyperparameterTuner(
        model_trainer=trainer(base_job_name="sdk-tuned"),
        objective_metric_name=made.METRIC,
        hyperparameter_ranges={"smoothing": ContinuousParameter(0.1, 10, scaling_type="Logarithmic")},
        metric_definitions=made.METRICS,
        max_jobs=3,
        max_parallel_jobs=2,
    )
    tuner.tune(inputs=inputs(), job_name="sdk-tune", wait=False)
    job = tuner.latest_tuning_job
    job.wait(poll=1)
    assert job.hyper_parameter_tuning_job_status == "Completed", job
    names = [summary.training_job_name for summary in job.get_all_training_jobs()]
    assert len(names) == 3 and tuner.best_training_job() in names, names
    job.delete()
    fails("ResourceNotFound", resources.HyperParameterTuningJob.get, hyper_parameter_tuning_job_name="sdk-tune")


@step("model")
def model():
    artifacts = train.job.model_artifacts.s3_model_artifacts
    model.builder = ModelBuilder(image_uri=made.IMAGE, s3_model_data_url=artifacts, instance_type=made.INSTANCE, sagemaker_session=session)
    created = model.builder.build(model_name="sdk-model")
    assert created.primary_container.image == made.IMAGE, created
    assert created.execution_role_arn == DEFAULT_ROLE, created


@step("transform")
def transform():
    output = f"s3://{BUCKET}/predicted"
    transformer = Transformer("sdk-model", 1, made.INSTANCE, output_path=output, accept="application/json", sagemaker_session=session)
    transformer.transform(f"s3://{BUCKET}/batch/", content_type="text/plain", wait=False)
    transformer.latest_transform_job.wait(poll=1)
    made.check_transformed(read)


@step("endpoint")
def endpoint():
    model.builder.deploy(endpoint_name=ENDPOINT, initial_instance_count=1, wait=False)
    resources.Endpoint.get(ENDPOINT).wait_for_status("InService", poll=1)


@step("invoke")
def invoke():
    for body, content_type, expected in made.samples():
        answer = resources.Endpoint.get(ENDPOINT).invoke(body, content_type=content_type)
        made.check_answer(answer.body.read(), expected)
        assert (answer.invoked_production_variant, answer.content_type) == ("AllTraffic", "application/json"), answer


@step("error: stream")
@step("stream")
def stream():
    body = " ".join(made.SENTENCES).encode()
    try:
        answer = resources.Endpoint.get(ENDPOINT).invoke_with_response_stream(body, content_type="text/plain")
    except AttributeError as error:
        assert "'EventStream' object has no attribute 'get'" in str(error), error
        raise Absent("invoke_with_response_stream ends with an AttributeError for every stream: it reads one as a dictionary")
    made.check_labels(b"".join(event["PayloadPart"]["Bytes"] for event in answer.body))
    raise AssertionError("the SDK reads streams now: expect it in this step")


@step("invoke, asynchronously")
def invoke_async():
    answers = AsyncInferenceConfig(output_path=f"s3://{BUCKET}/answers")
    name = f"{ENDPOINT}-async"
    model.builder.deploy(endpoint_name=name, initial_instance_count=1, inference_config=answers, wait=False)
    created = resources.Endpoint.get(name)
    created.wait_for_status("InService", poll=1)
    place = f"s3://{BUCKET}/batch/01.txt"
    answer = created.invoke_async(input_location=place, content_type="text/plain")
    key = answer.output_location.removeprefix(f"s3://{BUCKET}/")
    session.boto_session.client("s3").get_waiter("object_exists").wait(Bucket=BUCKET, Key=key, WaiterConfig={"Delay": 1, "MaxAttempts": 600})
    made.check_answer(read(key), made.SAMPLE_DATA / "inference/batch-output/01.txt.out")
    created.delete()
    created.wait_for_delete(poll=1)
    resources.EndpointConfig.get(name).delete()


@step("algorithm")
def algorithm():
    created = resources.Algorithm.create(algorithm_name="sdk-algorithm", **shaped(made.algorithm(BUCKET)))
    created.wait_for_status("Completed", poll=1)


def create_version(sagemaker_session):
    """
    A version in a group, which is how the SDK keeps models. ModelPackage.create of sagemaker-core 2.27 reads a
    ModelPackageName that CreateModelPackage does not answer, here or on AWS.
    """
    container = {"Image": made.IMAGE, "ModelDataUrl": train.job.model_artifacts.s3_model_artifacts}
    types = {"content_types": ["text/plain"], "response_types": ["application/json"]}
    answer = create_model_package_from_containers(sagemaker_session, [container], **types, model_package_group_name=GROUP)
    return resources.ModelPackage.get(answer["ModelPackageArn"])


def versions():
    listed = resources.ModelPackage.get_all(model_package_group_name=GROUP)
    return {found.model_package_version: found.model_package_arn for found in listed}


@step("package")
def package():
    created = create_version(session)
    created.wait_for_status("Completed", poll=1)
    assert list(versions()) == [1], versions()


@step("a lost answer, asked again")
def retry():
    lossy = boto3.client("sagemaker", endpoint_url=os.environ["LOSSY_URL"])
    create_version(Session(sagemaker_client=lossy))
    assert sorted(versions()) == [1, 2], versions()


@step("error: not found")
def not_found():
    message = fails("ValidationException", resources.TrainingJob.get, training_job_name="none")
    assert message == "Requested resource not found.", message
    message = fails("ValidationException", resources.Model.get, model_name="none")
    assert message.startswith('Could not find model "arn:'), message


@step("error: in use")
def in_use():
    fails("ResourceInUse", create_job, name=train.job.training_job_name, request=made.job(BUCKET))


@step("error: constraint")
def constraint():
    message = fails("ValidationException", create_job, name="a_b", request=made.job(BUCKET))
    assert "failed to satisfy constraint: Member must satisfy regular expression pattern" in message, message


@step("error: hyperparameter")
def hyperparameter():
    message = fails("ValidationException", create_job, name="sdk-refused", request=made.job_of("sdk-algorithm", BUCKET))
    assert "smoothing" in message and "1000" in message, message
    job = create_job("sdk-failed", made.job(BUCKET, HyperParameters={"smoothing": "1000"}))
    try:
        job.wait(poll=1)
    except FailedStatusError as error:
        made.check_refused({"TrainingJobStatus": job.training_job_status, "FailureReason": job.failure_reason})
        assert job.failure_reason in str(error), error
        return
    raise AssertionError("the waiter must fail with the job")


@step("error: model")
def model_error():
    call = resources.Endpoint.get(ENDPOINT).invoke
    error = error_of("ModelError", call, body=b"{}", content_type="application/json")
    assert error.response["OriginalStatusCode"] == 400, error.response


@step("error: no such operation")
def no_such_operation():
    error = error_of("UnknownOperationException", lambda: list(resources.NotebookInstance.get_all()))
    assert type(error) is ClientError and '"ListNotebookInstances"' in str(error), error


@step("delete")
def delete():
    created = resources.Endpoint.get(ENDPOINT)
    created.delete()
    created.wait_for_delete(poll=1)
    resources.EndpointConfig.get(ENDPOINT).delete()
    resources.Model.get("sdk-model").delete()
    for arn in versions().values():
        session.sagemaker_client.delete_model_package(ModelPackageName=arn)
    resources.ModelPackageGroup.get(GROUP).delete()
    resources.Algorithm.get("sdk-algorithm").delete()
    train.job.delete()
    fails("ValidationException", resources.TrainingJob.get, training_job_name=train.job.training_job_name)


run({name: version(name) for name in ("sagemaker-core", "sagemaker-train", "sagemaker-serve")})
