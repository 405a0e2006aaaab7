"""Steps of a client. Each prints a line of JSON: `{"step": name, "ok": true}`, the error, or why the client has it not."""
import json
import traceback

_STEPS = {}


class Absent(Exception):
    """The client has no such feature: raised by a step that has looked for it."""


def step(name):
    """Registers a step; they run in the order in which they are written."""

    def register(function):
        _STEPS[name] = function
        return function

    return register


def run(versions):
    print(json.dumps({"versions": versions, "steps": list(_STEPS)}), flush=True)
    for name, function in _STEPS.items():
        result = json.dumps({"step": name, **_result(function)})
        print(f"\n{result}", flush=True)  # what the step has printed may end within a line


def _result(function):
    try:
        function()
        return {"ok": True}
    except Absent as reason:
        return {"ok": True, "absent": str(reason)}
    except Exception as error:  # a step that fails does not hide the others
        return {"ok": False, "detail": "".join(traceback.format_exception(error)[-2:]).strip()}


def fails(code, call, **arguments):
    """The message of the error of that code with which a call fails."""
    return error_of(code, call, **arguments).response["Error"]["Message"]


def error_of(code, call, **arguments):
    """The client's exception of that code with which a call fails."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"expected {code}; received {found}"
        return error
    raise AssertionError(f"expected {code}; the call succeeded")
