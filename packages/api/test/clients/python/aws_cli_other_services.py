"""The AWS CLI with the other services, as people type it."""
import json
import os
import time
import urllib.request

from aws_cli import FOLDER, VERSIONS, Failed, aws
from steps import run, step


def refused(*arguments):
    """What a command prints that ends with an error."""
    try:
        aws(*arguments)
    except Failed as error:
        return str(error)
    raise AssertionError(f"aws {' '.join(arguments)} must fail")


def write(name, size):
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(os.urandom(size))


def read(name):
    return (FOLDER / name).read_bytes()


@step("mb and ls")
def mb_and_ls():
    aws("s3", "mb", "s3://cli-bucket")
    assert "cli-bucket" in aws("s3", "ls")


@step("cp")
def cp():
    write("small", 10)
    write("large", 20 << 20)  # more than 8 MiB is uploaded in parts
    for name in ("small", "large"):
        aws("s3", "cp", name, f"s3://cli-bucket/in/{name}")
        aws("s3", "cp", f"s3://cli-bucket/in/{name}", f"back-{name}")
        assert read(name) == read(f"back-{name}"), name
    aws("s3", "cp", "s3://cli-bucket/in/large", "s3://cli-bucket/copied/large")
    assert "large" in aws("s3", "ls", "s3://cli-bucket/copied/")
    assert "404" in refused("s3", "cp", "s3://cli-bucket/none", "none")


@step("sync")
def sync():
    for name in ("a", "b/c", "b/ü d"):
        write(f"tree/{name}", 100)
    assert aws("s3", "sync", "tree", "s3://cli-bucket/tree").count("upload:") == 3
    assert aws("s3", "sync", "tree", "s3://cli-bucket/tree") == ""
    (FOLDER / "tree" / "a").unlink()
    assert "delete:" in aws("s3", "sync", "tree", "s3://cli-bucket/tree", "--delete")
    aws("s3", "sync", "s3://cli-bucket/tree", "back")
    assert read("back/b/ü d") == read("tree/b/ü d")


@step("presign")
def presign():
    url = aws("s3", "presign", "s3://cli-bucket/in/small").strip()
    assert urllib.request.urlopen(url).read() == read("small")


@step("s3api")
def s3api():
    head = json.loads(aws("s3api", "head-object", "--bucket", "cli-bucket", "--key", "in/large"))
    assert head["ContentLength"] == 20 << 20, head
    listed = json.loads(aws("s3api", "list-objects-v2", "--bucket", "cli-bucket", "--prefix", "in/"))
    assert [found["Key"] for found in listed["Contents"]] == ["in/large", "in/small"], listed
    assert "(NoSuchKey)" in refused("s3api", "get-object", "--bucket", "cli-bucket", "--key", "x", "x")


@step("logs and metrics")
def logs_and_metrics():
    aws("logs", "create-log-group", "--log-group-name", "cli")
    aws("logs", "create-log-stream", "--log-group-name", "cli", "--log-stream-name", "s")
    event = f"timestamp={int(time.time() * 1000)},message=hello"
    aws("logs", "put-log-events", "--log-group-name", "cli", "--log-stream-name", "s", "--log-events", event)
    found = json.loads(aws("logs", "get-log-events", "--log-group-name", "cli", "--log-stream-name", "s"))
    assert [event["message"] for event in found["events"]] == ["hello"], found
    aws("cloudwatch", "put-metric-data", "--namespace", "cli", "--metric-name", "loss", "--value", "2.5")
    listed = json.loads(aws("cloudwatch", "list-metrics", "--namespace", "cli"))
    assert listed["Metrics"] == [{"Namespace": "cli", "MetricName": "loss", "Dimensions": []}], listed


@step("rb")
def rb():
    assert "BucketNotEmpty" in refused("s3", "rb", "s3://cli-bucket")
    aws("s3", "rb", "s3://cli-bucket", "--force")
    assert "cli-bucket" not in aws("s3", "ls")


@step("identity")
def identity():
    assert ":assumed-role/" in json.loads(aws("sts", "get-caller-identity"))["Arn"]
    assert json.loads(aws("iam", "get-role", "--role-name", "Any"))["Role"]["RoleName"] == "Any"


run(VERSIONS)
