"""boto3 with AWS Marketplace's catalog, unchanged: only its environment says where the service is."""
import os
import time

import boto3

from steps import fails, run, step

catalog = boto3.client("marketplace-catalog")
CATALOG = {"Catalog": "AWSMarketplace"}
CREATE = {
    "ChangeType": "CreateProduct",
    "ChangeName": "CreateProductChange",
    "Entity": {"Type": "MachineLearningProduct@1.0"},
    "DetailsDocument": {"ProductTitle": "Sums"},
}


def change(**request):
    """The description of a change set when it has ended."""
    started = catalog.start_change_set(**CATALOG, **request)
    while True:
        found = catalog.describe_change_set(**CATALOG, ChangeSetId=started["ChangeSetId"])
        if found["Status"] not in ("PREPARING", "APPLYING"):
            return found
        time.sleep(0.2)


def products():
    return catalog.list_entities(**CATALOG, EntityType="MachineLearningProduct")["EntitySummaryList"]


@step("validate")
def validate():
    found = change(ChangeSet=[CREATE], Intent="VALIDATE")
    assert found["Status"] == "SUCCEEDED", found
    assert products() == []


@step("create")
def create():
    found = change(ChangeSet=[CREATE], Intent="APPLY")
    assert found["Status"] == "SUCCEEDED", found
    (product,) = products()
    described = catalog.describe_entity(**CATALOG, EntityId=product["EntityId"])
    assert described["DetailsDocument"]["Description"]["ProductTitle"] == "Sums", described


@step("a lost answer, asked again")
def retry():
    lossy = boto3.client("marketplace-catalog", endpoint_url=os.environ["LOSSY_URL"])
    before = catalog.list_change_sets(**CATALOG)["ChangeSetSummaryList"]
    started = lossy.start_change_set(**CATALOG, ChangeSet=[CREATE], Intent="VALIDATE")
    assert started["ResponseMetadata"]["RetryAttempts"] == 1, started
    after = catalog.list_change_sets(**CATALOG)["ChangeSetSummaryList"]
    assert len(after) == len(before) + 1, after


@step("errors")
def errors():
    long = {**CREATE, "DetailsDocument": {"ProductTitle": "x" * 73}}
    message = fails("ValidationException", catalog.start_change_set, **CATALOG, ChangeSet=[long])
    assert "ProductTitle must have 1 to 72 characters" in message, message
    fails("ResourceNotFoundException", catalog.describe_entity, **CATALOG, EntityId="prod-none")


run({"boto3": boto3.__version__})
