"""Steps of a client: each prints `{"step": name, "ok": true}`, or the error, as one line of JSON."""
import json
import traceback

_STEPS = []


def step(function):
    """Registers a step; they run in the order in which they are written."""
    _STEPS.append(function)
    return function


def run(versions):
    print(json.dumps({"versions": versions}), flush=True)
    for function in _STEPS:
        name = function.__name__.replace("_", " ")
        try:
            function()
            print(json.dumps({"step": name, "ok": True}), flush=True)
        except Exception as error:  # a step that fails does not hide the others
            detail = "".join(traceback.format_exception(error)[-2:]).strip()
            print(json.dumps({"step": name, "ok": False, "detail": detail}), flush=True)


def fails(code, call, **arguments):
    """The message of the error of that code with which a call fails."""
    from botocore.exceptions import ClientError

    try:
        call(**arguments)
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"expected {code}; received {found}"
        return found["Message"]
    raise AssertionError(f"expected {code}; the call succeeded")
