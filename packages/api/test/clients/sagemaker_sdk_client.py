"""SageMaker's Python SDK v3: it has STS's https address built in, and asks for its default bucket and role."""
from importlib.metadata import version

from sagemaker.core.helper.session_helper import Session, get_execution_role

from steps import run, step

session = Session()


@step
def default_role():
    role = get_execution_role(session)
    assert role == "arn:aws:iam::000000000000:role/SageMakerRole", role


@step
def default_bucket():
    bucket = session.default_bucket()
    assert bucket == "sagemaker-us-east-1-000000000000", bucket
    assert session.default_bucket() == bucket
    session.upload_string_as_file_body("content", bucket, "folder/file.txt")
    assert session.read_s3_file(bucket, "folder/file.txt") == "content"


@step
def train():
    from sagemaker.core.training.configs import Compute, InputData, OutputDataConfig
    from sagemaker.train.model_trainer import ModelTrainer

    trainer = ModelTrainer(
        sagemaker_session=session,
        training_image="123456789012.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3",
        base_job_name="sdk",
        compute=Compute(instance_type="ml.m5.xlarge", instance_count=1, volume_size_in_gb=5),
        output_data_config=OutputDataConfig(s3_output_path="s3://data/out"),
    )
    train_data = InputData(channel_name="train", data_source="s3://data/train/", content_type="text/csv")
    trainer.train(input_data_config=[train_data], wait=False, logs=False)
    job = trainer._latest_training_job
    job.wait(poll=1)
    job.refresh()
    assert job.training_job_status == "Completed", job.training_job_status
    assert job.role_arn == "arn:aws:iam::000000000000:role/SageMakerRole", job.role_arn


run({name: version(name) for name in ["sagemaker-core", "sagemaker-train", "boto3"]})
