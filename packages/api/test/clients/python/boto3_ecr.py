"""boto3 with Amazon ECR: repositories, and images pushed to the registry that they name."""
import base64
import hashlib
import json
import urllib.request

import boto3

from steps import fails, run, step

ecr = boto3.client("ecr")
NAME = {"repositoryName": "team/tiny"}


def push(registry, token, content):
    """Pushes a content as container engines do; returns its descriptor."""
    digest = "sha256:" + hashlib.sha256(content).hexdigest()
    url = f"{registry}/v2/team/tiny/blobs/uploads/?digest={digest}"
    request = urllib.request.Request(url, content, {"Authorization": f"Basic {token}"}, method="POST")
    assert urllib.request.urlopen(request).status == 201
    return {"mediaType": "application/octet-stream", "digest": digest, "size": len(content)}


@step("repository")
def repository():
    made = ecr.create_repository(**NAME, imageTagMutability="IMMUTABLE", tags=[{"Key": "a", "Value": "b"}])["repository"]
    assert ecr.describe_repositories(repositoryNames=["team/tiny"])["repositories"] == [made]
    assert ecr.list_tags_for_resource(resourceArn=made["repositoryArn"])["tags"] == [{"Key": "a", "Value": "b"}]
    fails("RepositoryAlreadyExistsException", ecr.create_repository, **NAME)


@step("image")
def image():
    [data] = ecr.get_authorization_token()["authorizationData"]
    assert base64.b64decode(data["authorizationToken"]).startswith(b"AWS:")
    send = lambda content: push(data["proxyEndpoint"], data["authorizationToken"], content)
    manifest = {"schemaVersion": 2, "config": send(b"{}"), "layers": [send(b"layer")]}
    text = json.dumps(manifest)
    media_type = "application/vnd.oci.image.manifest.v1+json"
    ecr.put_image(**NAME, imageManifest=text, imageManifestMediaType=media_type, imageTag="1")
    found = ecr.batch_get_image(**NAME, imageIds=[{"imageTag": "1"}])["images"]
    assert [item["imageManifest"] for item in found] == [text], found
    pages = ecr.get_paginator("describe_images").paginate(**NAME)
    details = [item for page in pages for item in page["imageDetails"]]
    assert [(item["imageTags"], item["imageSizeInBytes"]) for item in details] == [(["1"], 7)], details


@step("errors")
def errors():
    fails("ImageNotFoundException", ecr.describe_images, **NAME, imageIds=[{"imageTag": "2"}])
    message = fails("ScanNotFoundException", ecr.describe_image_scan_findings, **NAME, imageId={"imageTag": "1"})
    assert "no scanner runs on this machine" in message, message


@step("delete")
def delete():
    fails("RepositoryNotEmptyException", ecr.delete_repository, **NAME)
    assert ecr.batch_delete_image(**NAME, imageIds=[{"imageTag": "1"}])["failures"] == []
    ecr.delete_repository(**NAME)
    fails("RepositoryNotFoundException", ecr.list_images, **NAME)


run({"boto3": boto3.__version__})
