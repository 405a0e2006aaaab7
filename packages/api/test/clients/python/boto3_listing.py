"""The documents that `algo listing` wrote for linear regression, sent by boto3; AWS's validation is run on each."""
import json
import os
import pathlib
import re
import time

import boto3

from steps import run, step

sagemaker = boto3.client("sagemaker")
s3 = boto3.client("s3")
LISTING = pathlib.Path(os.environ["LISTING"])
SAMPLES = pathlib.Path(os.environ["LISTING_SAMPLES"])


def document(name):
    return json.loads((LISTING / f"{name}.json").read_text())


ALGORITHM = document("create-algorithm")
(PROFILE,) = ALGORITHM["ValidationSpecification"]["ValidationProfiles"]
OUTPUT = PROFILE["TrainingJobDefinition"]["OutputDataConfig"]["S3OutputPath"]
BUCKET, PREFIX = re.match(r"s3://([^/]+)/(.+)/validation/", OUTPUT).groups()


def settled(describe, status):
    """What is described when its validation has ended."""
    while True:
        found = describe()
        if found[status] not in ("Pending", "InProgress"):
            return found
        time.sleep(0.2)


def is_validated(package):
    name = sagemaker.create_model_package(**package)["ModelPackageArn"]
    found = settled(lambda: sagemaker.describe_model_package(ModelPackageName=name), "ModelPackageStatus")
    assert found["ModelPackageStatus"] == "Completed" and found["CertifyForMarketplace"], found


@step("upload")
def upload():
    s3.create_bucket(Bucket=BUCKET)
    for file in SAMPLES.rglob("*"):
        if file.is_file():
            s3.upload_file(str(file), BUCKET, f"{PREFIX}/sample-data/{file.relative_to(SAMPLES).as_posix()}")


@step("algorithm")
def algorithm():
    sagemaker.create_algorithm(**ALGORITHM)
    name = ALGORITHM["AlgorithmName"]
    found = settled(lambda: sagemaker.describe_algorithm(AlgorithmName=name), "AlgorithmStatus")
    assert found["AlgorithmStatus"] == "Completed" and found["CertifyForMarketplace"], found


@step("package of a model that it trained")
def package_from_algorithm():
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{PREFIX}/validation/")
    keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
    (trained,) = [key for key in keys if key.endswith("/output/model.tar.gz")]
    s3.copy_object(Bucket=BUCKET, Key=f"{PREFIX}/model.tar.gz", CopySource={"Bucket": BUCKET, "Key": trained})
    is_validated(document("create-model-package-from-algorithm"))


@step("package of the image and a model in S3")
def package_from_s3():
    is_validated(document("create-model-package"))


run({"boto3": boto3.__version__})
