"""What `algo listing` wrote for linear regression: the script, run with the AWS CLI, twice; the templates, checked."""
import json
import os
import pathlib
import stat
import subprocess
import sys

from aws_cli import AWS, FOLDER, VERSIONS, answer, aws
from steps import run, step

LISTING = pathlib.Path(os.environ["LISTING"])
SCRIPT = LISTING / "create.sh"
PROGRAMS = FOLDER / "programs"
CALLS = FOLDER / "engine-calls"

# No container engine is needed: what the script asks of one is written down.
ENGINE_PROGRAM = f"""#!/bin/sh
echo "$@" >> '{CALLS.resolve()}'
[ "$1" != login ] || cat > /dev/null
"""


def create(*steps, **variables):
    env = {
        **os.environ,
        "PATH": f"{PROGRAMS.resolve()}:{os.environ['PATH']}",
        "ENGINE": "engine",
        "SAMPLE_DATA": os.environ["LISTING_SAMPLES"],
        "SECONDS_BETWEEN_LOOKS": "0.2",
        **variables,
    }
    return subprocess.run(["sh", str(SCRIPT), *steps], env=env, capture_output=True, text=True)


def lint(name, *arguments):
    """Runs one of Python's packages; what it prints is its findings."""
    done = subprocess.run(
        [os.path.join(os.path.dirname(sys.executable), name), *map(str, arguments)], capture_output=True, text=True
    )
    assert done.returncode == 0, done


@step("shellcheck")
def shellcheck():
    lint("shellcheck", SCRIPT)


@step("cfn-lint")
def cfn_lint():
    templates = sorted(LISTING.glob("cloudformation-*.json"))
    assert len(templates) == 2, templates
    lint("cfn-lint", *templates)


@step("all steps")
def all_steps():
    PROGRAMS.mkdir()
    (PROGRAMS / "aws").symlink_to(AWS)
    engine = PROGRAMS / "engine"
    engine.write_text(ENGINE_PROGRAM)
    engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
    done = create()
    assert done.returncode == 0, done
    assert done.stdout.endswith("resource\nlinear-regression-1-0-0: Completed\n"), done
    image = "000000000000.dkr.ecr.us-east-1.amazonaws.com/linear-regression:1.0.0"
    registry = image.split("/")[0]
    assert CALLS.read_text().splitlines() == [
        f"login --username AWS --password-stdin {registry}",
        f"tag linear-regression {image}",
        f"push {image}",
    ], CALLS.read_text()
    assert "train/" in aws("s3", "ls", "s3://sagemaker-us-east-1-000000000000/linear-regression/1.0.0/sample-data/")


@step("roles")
def roles():
    for role in ("linear-regression-validation", "linear-regression-marketplace-access"):
        assert answer("iam", "list-role-policies", role_name=role)["PolicyNames"] == [role], role
        stored = answer("iam", "get-role-policy", role_name=role, policy_name=role)["PolicyDocument"]
        assert stored["Statement"] and stored == json.loads((LISTING / f"{role}-policy.json").read_text()), stored


@step("all steps once more")
def again():
    done = create()
    assert done.returncode == 0 and done.stdout.endswith(": Completed\n"), done


@step("an unknown step, and another account")
def refused():
    unknown = create("storage", "upload")
    assert unknown.returncode == 2 and unknown.stdout == "" and "received upload" in unknown.stderr, unknown
    other = SCRIPT.with_name("other.sh")
    other.write_text(SCRIPT.read_text().replace("account='000000000000'", "account='123456789012'"))
    done = subprocess.run(["sh", str(other)], capture_output=True, text=True)
    assert done.returncode == 1 and "must be of account 123456789012" in done.stderr, done


run(VERSIONS)
