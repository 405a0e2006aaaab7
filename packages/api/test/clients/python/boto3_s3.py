"""boto3 with S3, STS and IAM: what upload, download and SageMaker's SDK ask for."""
import hashlib
import io
import os
import urllib.request

import boto3
import botocore
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

from steps import fails, run, step

s3 = boto3.client("s3")
BUCKET = "boto3-bucket"
KEY = "a/ü b+c//../x.txt"
SMALL_PARTS = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20, max_concurrency=4)
BYTES = os.urandom(11 << 20)


@step("buckets")
def buckets():
    s3.create_bucket(Bucket=BUCKET)
    s3.get_waiter("bucket_exists").wait(Bucket=BUCKET)
    assert BUCKET in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
    assert s3.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]["BlockPublicAcls"]
    assert "Status" not in s3.get_bucket_versioning(Bucket=BUCKET)
    fails("404", s3.head_bucket, Bucket="none-" + BUCKET)


@step("objects")
def objects():
    put = s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"hello", Metadata={"k": "v"}, ContentType="text/plain")
    assert put["ETag"] == f'"{hashlib.md5(b"hello").hexdigest()}"', put
    got = s3.get_object(Bucket=BUCKET, Key=KEY, ChecksumMode="ENABLED")
    assert (got["Body"].read(), got["Metadata"], got["ContentType"]) == (b"hello", {"k": "v"}, "text/plain"), got
    assert got["ChecksumCRC32"] == put["ChecksumCRC32"], got
    assert s3.get_object(Bucket=BUCKET, Key=KEY, Range="bytes=1-2")["Body"].read() == b"el"
    fails("NoSuchKey", s3.get_object, Bucket=BUCKET, Key="none")
    fails("PreconditionFailed", s3.put_object, Bucket=BUCKET, Key=KEY, Body=b"x", IfNoneMatch="*")


@step("checksums")
def checksums():
    for algorithm in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"):
        field = f"Checksum{algorithm}"
        put = s3.put_object(Bucket=BUCKET, Key=algorithm, Body=b"hello", ChecksumAlgorithm=algorithm)
        # The client computes the checksum of what it reads, and raises if it is another one.
        got = s3.get_object(Bucket=BUCKET, Key=algorithm, ChecksumMode="ENABLED")
        assert got["Body"].read() == b"hello" and got[field] == put[field], (put, got)


@step("uploads in parts")
def uploads_in_parts():
    s3.upload_fileobj(io.BytesIO(BYTES), BUCKET, "big", Config=SMALL_PARTS)
    assert s3.head_object(Bucket=BUCKET, Key="big")["ETag"].endswith('-3"')
    read = io.BytesIO()
    s3.download_fileobj(BUCKET, "big", read, Config=SMALL_PARTS)
    assert read.getvalue() == BYTES
    s3.copy({"Bucket": BUCKET, "Key": "big"}, BUCKET, "copy", Config=SMALL_PARTS)
    assert s3.get_object(Bucket=BUCKET, Key="copy")["Body"].read() == BYTES
    parts = s3.get_object_attributes(Bucket=BUCKET, Key="big", ObjectAttributes=["ObjectParts", "ObjectSize"])
    assert (parts["ObjectParts"]["TotalPartsCount"], parts["ObjectSize"]) == (3, len(BYTES)), parts
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=BUCKET)


@step("copies")
def copies():
    s3.copy_object(Bucket=BUCKET, Key="c", CopySource={"Bucket": BUCKET, "Key": KEY})
    assert s3.head_object(Bucket=BUCKET, Key="c")["Metadata"] == {"k": "v"}


@step("listings")
def listings():
    for operation in ("list_objects", "list_objects_v2"):
        pages = s3.get_paginator(operation).paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
        keys = [found["Key"] for page in pages for found in page["Contents"]]
        assert keys == sorted(keys, key=str.encode) and KEY in keys and len(keys) == 9, keys
    folders = s3.list_objects_v2(Bucket=BUCKET, Delimiter="/")["CommonPrefixes"]
    assert folders == [{"Prefix": "a/"}], folders


@step("presigned urls")
def presigned_urls():
    for version in ("s3", "s3v4"):
        client = boto3.client("s3", config=Config(signature_version=version))
        url = client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": KEY}, ExpiresIn=60)
        assert urllib.request.urlopen(url).read() == b"hello", url
        put = client.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "put"}, ExpiresIn=60)
        urllib.request.urlopen(urllib.request.Request(put, data=b"x", method="PUT"))


@step("removals")
def removals():
    s3.delete_object(Bucket=BUCKET, Key="c")
    fails("BucketNotEmpty", s3.delete_bucket, Bucket=BUCKET)
    boto3.resource("s3").Bucket(BUCKET).object_versions.delete()
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET)
    s3.delete_bucket(Bucket=BUCKET)


@step("identity")
def identity():
    arn = boto3.client("sts").get_caller_identity()["Arn"]
    role = boto3.client("iam").get_role(RoleName=arn.split("/")[1])["Role"]
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "sagemaker.amazonaws.com"}
    assumed = boto3.client("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="me")["Credentials"]
    session = boto3.Session(assumed["AccessKeyId"], assumed["SecretAccessKey"], assumed["SessionToken"])
    assert session.client("sts").get_caller_identity()["Arn"].endswith("/me")
    decisions = boto3.client("iam").simulate_principal_policy(
        PolicySourceArn=role["Arn"], ActionNames=["s3:GetObject", "sagemaker:CreateTrainingJob"]
    )["EvaluationResults"]
    assert [found["EvalDecision"] for found in decisions] == ["allowed", "allowed"], decisions


run({"boto3": boto3.__version__, "botocore": botocore.__version__})
