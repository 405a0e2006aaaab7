"""The programs that README.md of this package shows, one per client. Each prints what the comment in its last line says."""
import importlib.metadata
import os
import pathlib
import re
import subprocess
import sys

from steps import run, step

README_FILE = pathlib.Path(os.environ["README"])
README = README_FILE.read_text("utf8")


def printed(language, word, command, file, cwd=None):
    """Runs README.md's program in that language that has the word, from a file; its last line says what it prints."""
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    (program,) = [text for text in found if word in text]
    written = pathlib.Path(file).absolute()
    written.write_text(program)
    done = subprocess.run([*command, str(written)], capture_output=True, text=True, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    (expected,) = re.findall(r"(?:#|//) (\S+)$", program.splitlines()[-1])
    assert done.stdout.strip().splitlines()[-1] == expected, f"expected {expected}; received {done.stdout}"


@step("boto3")
def boto3_program():
    printed("python", 'create_endpoint(EndpointName="line"', [sys.executable], "program.py")


@step("boto3: many models")
def boto3_many_models():
    printed("python", '"MultiModel"', [sys.executable], "program.py")


@step("boto3: stream")
def boto3_stream():
    printed("python", "invoke_endpoint_with_response_stream", [sys.executable], "program.py")


@step("boto3: transform job")
def boto3_transform_job():
    printed("python", "create_transform_job", [sys.executable], "program.py")


@step("AWS CLI: sample data")
def aws_cli_sample_data():
    # In the root of the repository.
    printed("bash", "aws s3 sync", ["bash", "-euo", "pipefail"], "program.sh", README_FILE.parents[2])


@step("boto3: tuning job")
def boto3_tuning_job():
    printed("python", "create_hyper_parameter_tuning_job", [sys.executable], "program.py")


@step("boto3: from algorithm to product")
def product():
    # In the workspace, whose algorithm it describes and whose sample data it uploads.
    printed("python", "create_algorithm", [sys.executable], "program.py", cwd=README_FILE.parents[2])


@step("AWS CLI")
def aws_cli():
    printed("bash", "aws sagemaker-runtime", ["bash", "-euo", "pipefail"], "program.sh")


@step("JavaScript SDK")
def javascript():
    # Next to the packages that it imports.
    printed("js", "client-sagemaker", [os.environ["NODE"]], "javascript/program.js")


@step("SageMaker's Python SDK")
def python_sdk():
    printed("python", "from sagemaker.", [sys.executable], "program.py")


run({name: importlib.metadata.version(name) for name in ("boto3", "awscli", "sagemaker-core", "sagemaker-train")})
