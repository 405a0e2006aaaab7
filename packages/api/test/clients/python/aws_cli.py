"""The AWS CLI in a folder of its own: version 1, the one that PyPI has."""
import importlib.metadata
import json
import os
import pathlib
import subprocess
import sys
import tempfile

AWS = os.path.join(os.path.dirname(sys.executable), "aws")
VERSIONS = {"awscli": f"{importlib.metadata.version('awscli')} (version 1, the one on PyPI)"}
FOLDER = pathlib.Path(tempfile.mkdtemp(dir="."))  # in the folder of the harness, which is removed


class Failed(Exception):
    """The command's exit code is not 0; its message is what it printed."""

    def __init__(self, code, message):
        super().__init__(f"exit code {code}: {message.strip()}")
        self.code = code


def aws(*arguments):
    """What the command prints, as text."""
    done = subprocess.run([AWS, *arguments], cwd=FOLDER, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(done.returncode, done.stderr)
    return done.stdout


def answer(service, operation, *arguments, **members):
    """The answer, read. Members of the request are written as JSON, which the CLI takes for structures and texts."""
    options = [part for name, value in members.items() for part in (f"--{name.replace('_', '-')}", _text(value))]
    printed = aws(service, operation, *arguments, *options)
    return json.loads(printed) if printed.strip() else {}


def from_file(service, operation, request, *arguments):
    """The answer to a request that is written to a file as a whole: --cli-input-json."""
    path = FOLDER / "request.json"
    path.write_text(json.dumps(request))
    return answer(service, operation, "--cli-input-json", f"file://{path.name}", *arguments)


def fails(code, call, *arguments, **members):
    """The message of the error of that code with which a command ends."""
    try:
        call(*arguments, **members)
    except Failed as error:
        assert error.code == 254 or error.code == 255, error
        assert f"An error occurred ({code}) when calling the " in str(error), error
        return str(error)
    raise AssertionError(f"expected {code}; the command succeeded")


def _text(value):
    return value if isinstance(value, str) else json.dumps(value)
