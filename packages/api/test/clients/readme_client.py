"""The program that README.md of this package shows. README.md says what it prints."""
import contextlib
import io
import pathlib
import re

import boto3

from steps import run, step

README = pathlib.Path(__file__).parents[2] / "README.md"


@step
def example():
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text("utf8"), re.DOTALL)
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(program, str(README), "exec"), {})
    expected = re.search(r"print\(.*#\s*(\S+)$", program, re.MULTILINE).group(1)
    assert printed.getvalue().strip() == expected, f"expected {expected}; received {printed.getvalue()}"


run({"boto3": boto3.__version__})
