"""boto3 with CloudWatch: logs and metrics, of its own and of a training job."""
import datetime
import time

import boto3
import botocore

from steps import fails, run, step

logs = boto3.client("logs")
cloudwatch = boto3.client("cloudwatch")
NOW = datetime.datetime.now(datetime.timezone.utc)
HOUR = datetime.timedelta(hours=1)


def run_job(name):
    sagemaker = boto3.client("sagemaker")
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://data/train/"}
    sagemaker.create_training_job(
        TrainingJobName=name,
        AlgorithmSpecification={
            "TrainingImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/sum:1.2.3",
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "train:sum", "Regex": "train:sum=([-+0-9.e]+)"}],
        },
        RoleArn="arn:aws:iam::123456789012:role/Runner",
        InputDataConfig=[{"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": "s3://data/out"},
        ResourceConfig={"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    waiter = sagemaker.get_waiter("training_job_completed_or_stopped")
    waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 1})


@step("logs of a job")
def logs_of_a_job():
    run_job("cloudwatch-job")
    group = "/aws/sagemaker/TrainingJobs"
    stream = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix="cloudwatch-job/")["logStreams"][0]
    pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group, logStreamNames=[stream["logStreamName"]])
    lines = [event["message"] for page in pages for event in page["events"]]
    assert any("train:sum=10" in line for line in lines), lines
    events = logs.get_log_events(logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True)
    assert [event["message"] for event in events["events"]] == lines, (events, lines)


@step("metrics of a job")
def metrics_of_a_job():
    metric = {
        "Namespace": "/aws/sagemaker/TrainingJobs",
        "MetricName": "train:sum",
        "Dimensions": [{"Name": "TrainingJobName", "Value": "cloudwatch-job"}],
    }
    times = {"StartTime": NOW - HOUR, "EndTime": NOW + HOUR}
    points = cloudwatch.get_metric_statistics(**metric, **times, Period=60, Statistics=["Average"])["Datapoints"]
    assert [point["Average"] for point in points] == [10], points
    assert abs(points[0]["Timestamp"] - NOW) < HOUR, points
    query = {"Id": "m1", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}}
    found = cloudwatch.get_metric_data(MetricDataQueries=[query], **times)["MetricDataResults"][0]
    assert (found["Values"], found["StatusCode"]) == ([10], "Complete"), found
    assert metric in cloudwatch.list_metrics(Namespace=metric["Namespace"])["Metrics"]


@step("own logs")
def own_logs():
    logs.create_log_group(logGroupName="own")
    logs.create_log_stream(logGroupName="own", logStreamName="s")
    at = int(time.time() * 1000)
    events = [{"timestamp": at + i, "message": f"line {i}"} for i in range(3)]
    logs.put_log_events(logGroupName="own", logStreamName="s", logEvents=events)
    found = logs.filter_log_events(logGroupName="own", filterPattern='"line 1"')["events"]
    assert [event["message"] for event in found] == ["line 1"], found
    fails("ResourceAlreadyExistsException", logs.create_log_group, logGroupName="own")
    logs.delete_log_group(logGroupName="own")


@step("own metrics")
def own_metrics():
    # More than 10 KB are sent as gzip.
    data = [{"MetricName": "loss", "Timestamp": NOW, "Value": i + 0.5} for i in range(500)]
    cloudwatch.put_metric_data(Namespace="own", MetricData=data)
    times = {"StartTime": NOW - HOUR, "EndTime": NOW + HOUR}
    points = cloudwatch.get_metric_statistics(
        Namespace="own", MetricName="loss", **times, Period=60, Statistics=["SampleCount", "Maximum"]
    )["Datapoints"]
    assert [(point["SampleCount"], point["Maximum"]) for point in points] == [(500, 499.5)], points
    fails("InvalidParameterValue", cloudwatch.put_metric_data, Namespace="AWS/own", MetricData=data[:1])


run({"boto3": boto3.__version__, "botocore": botocore.__version__})
