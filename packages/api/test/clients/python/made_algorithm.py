"""
The algorithm that `algo new --kind custom` made, its sample data, and the parts of requests that name it. `SAMPLE_DATA` is
its folder of sample data, `DESCRIPTION` what its program describes.
"""
import json
import math
import os
import pathlib

SAMPLE_DATA = pathlib.Path(os.environ["SAMPLE_DATA"])
PROFILE = json.loads((SAMPLE_DATA / "validation-profile.json").read_text("utf8"))
DESCRIPTION = json.loads(pathlib.Path(os.environ["DESCRIPTION"]).read_text("utf8"))

REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com"
IMAGE = f"{REGISTRY}/support-mail:1.0.0"
ROLE = "arn:aws:iam::123456789012:role/Runner"
INSTANCE = "ml.m5.xlarge"
# One instance of it may be in use: the harness starts the server so.
SCARCE_INSTANCE = "ml.m5.24xlarge"
RESOURCES = {"InstanceType": INSTANCE, "InstanceCount": 1, "VolumeSizeInGB": 5}
HYPERPARAMETERS = PROFILE["trainingJob"]["hyperparameters"]
METRIC = "validation:accuracy"
METRICS = DESCRIPTION["TrainingSpecification"]["MetricDefinitions"]
# A sentence each, and what the model answers to each.
SENTENCES = ["The screen flickers when the app is open.", "The courier lost my parcel, please send the item again."]
LABELS = ["technical", "delivery"]


def uploads():
    """Files of the sample data, each with its key: those of the channels, and those of a batch."""
    folders = [(name, channel["path"]) for name, channel in PROFILE["trainingJob"]["channels"].items()]
    for name, path in [*folders, ("batch", PROFILE["transformJob"]["input"])]:
        for file in sorted((SAMPLE_DATA / path).iterdir()):
            yield file, f"{name}/{file.name}"


def channels(bucket):
    return [
        {
            "ChannelName": name,
            "ContentType": channel["contentType"],
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/{name}/"}},
        }
        for name, channel in PROFILE["trainingJob"]["channels"].items()
    ]


def job(bucket, **changes):
    """A training job without its name."""
    return {
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File", "MetricDefinitions": METRICS},
        "HyperParameters": HYPERPARAMETERS,
        "RoleArn": ROLE,
        "InputDataConfig": channels(bucket),
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/out"},
        "ResourceConfig": RESOURCES,
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        **changes,
    }


def check_refused(found):
    """What becomes of a job whose program refuses its hyperparameters."""
    assert found["TrainingJobStatus"] == "Failed", found
    reason = 'ClientError: Hyperparameter "smoothing" must be a number in [0.001, 100]; received "1000".'
    assert found["FailureReason"] == reason, found


def waiting_job(bucket):
    """One that runs until it is stopped, on the instance of which there is one."""
    return job(
        bucket,
        AlgorithmSpecification={"TrainingImage": f"{REGISTRY}/sum:1.2.3", "TrainingInputMode": "File"},
        HyperParameters={"behave": "wait"},
        ResourceConfig={**RESOURCES, "InstanceType": SCARCE_INSTANCE},
    )


def tuning_config():
    return {
        "Strategy": "Bayesian",
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": METRIC},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": 3, "MaxParallelTrainingJobs": 2},
        "ParameterRanges": {
            "ContinuousParameterRanges": [
                {"Name": "smoothing", "MinValue": "0.1", "MaxValue": "10", "ScalingType": "Logarithmic"}
            ]
        },
    }


def tuning_definition(bucket):
    definition = job(bucket)
    return {"StaticHyperParameters": {}, **{name: definition[name] for name in definition if name != "HyperParameters"}}


def algorithm(bucket):
    """An algorithm resource without its name: what the program describes, with a validation."""
    training = {
        **DESCRIPTION["TrainingSpecification"],
        "TrainingImage": IMAGE,
        "SupportedTrainingInstanceTypes": [INSTANCE],
    }
    inference = {
        **DESCRIPTION["InferenceSpecification"],
        "Containers": [{"Image": IMAGE}],
        "SupportedTransformInstanceTypes": [INSTANCE],
        "SupportedRealtimeInferenceInstanceTypes": [INSTANCE],
    }
    names = ("HyperParameters", "InputDataConfig", "OutputDataConfig", "ResourceConfig", "StoppingCondition")
    definition = {"TrainingInputMode": "File", **{name: job(bucket)[name] for name in names}}
    profile = {"ProfileName": "sample-data", "TrainingJobDefinition": definition}
    return {
        "TrainingSpecification": training,
        "InferenceSpecification": inference,
        "ValidationSpecification": {"ValidationRole": ROLE, "ValidationProfiles": [profile]},
    }


def job_of(algorithm_name, bucket):
    """A training job of an algorithm resource, with a hyperparameter out of its range."""
    return job(
        bucket,
        AlgorithmSpecification={"AlgorithmName": algorithm_name, "TrainingInputMode": "File"},
        HyperParameters={"smoothing": "1000"},
    )


def transform(bucket):
    """A transform job without its name and its model's."""
    return {
        "TransformInput": {
            "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/batch/"}},
            "ContentType": "text/plain",
            "SplitType": "None",
        },
        "TransformOutput": {"S3OutputPath": f"s3://{bucket}/predicted", "Accept": "application/json"},
        "TransformResources": {"InstanceType": INSTANCE, "InstanceCount": 1},
    }


def variant(model):
    return {"VariantName": "all", "ModelName": model, "InstanceType": INSTANCE, "InitialInstanceCount": 1}


def package_source(algorithm_name, bucket, job_name):
    model = f"s3://{bucket}/out/{job_name}/output/model.tar.gz"
    return {"SourceAlgorithms": [{"AlgorithmName": algorithm_name, "ModelDataUrl": model}]}


def check_transformed(read):
    """Compares what a transform job wrote with the stored output. `read` takes a key."""
    folder = SAMPLE_DATA / PROFILE["transformJob"]["expectedOutput"]
    for file in sorted(folder.iterdir()):
        check_answer(read(f"predicted/{file.name}"), file)


def samples():
    """Requests to an endpoint: body, media type, and the file of the stored answer."""
    for sample in PROFILE["realTime"]:
        body = (SAMPLE_DATA / sample["input"]).read_bytes()
        yield body, sample["contentType"], SAMPLE_DATA / sample["expectedOutput"]


def check_answer(received, file):
    found, expected = json.loads(received), json.loads(file.read_text("utf8"))
    assert found["label"] == expected["label"], (found, expected)
    assert math.isclose(found["probability"], expected["probability"], rel_tol=PROFILE["relativeTolerance"]), (found, expected)


def check_labels(streamed):
    """The labels of SENTENCES: a document per line."""
    found = [json.loads(line)["label"] for line in streamed.decode().splitlines()]
    assert found == LABELS, streamed


def check_trained(found):
    assert found["TrainingJobStatus"] == "Completed", found
    (accuracy,) = [metric["Value"] for metric in found["FinalMetricDataList"] if metric["MetricName"] == METRIC]
    assert accuracy >= PROFILE["metricBounds"][METRIC]["atLeast"], found
