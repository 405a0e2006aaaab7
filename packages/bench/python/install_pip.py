"""
Installs pip from PyPI into the virtual environment that this runs in, with pip's own wheel: Debian's Python has `venv`
without `ensurepip`, which is in another package.

    DIRECTORY/bin/python install_pip.py      in an environment made by `python -m venv --without-pip DIRECTORY`
"""
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

INDEX = "https://pypi.org/pypi/pip/json"


def download_pip(directory):
    """The newest wheel of pip, checked against the digest that PyPI gives for it."""
    with urllib.request.urlopen(INDEX, timeout=60) as response:
        files = json.load(response)["urls"]
    wheel = next(file for file in files if file["packagetype"] == "bdist_wheel")
    # Mirrors give addresses relative to the index.
    with urllib.request.urlopen(urllib.parse.urljoin(INDEX, wheel["url"]), timeout=300) as response:
        content = response.read()
    if hashlib.sha256(content).hexdigest() != wheel["digests"]["sha256"]:
        sys.exit(f"{wheel['url']} does not have the digest that {INDEX} gives.")
    path = pathlib.Path(directory) / wheel["filename"]
    path.write_bytes(content)
    return path


with tempfile.TemporaryDirectory() as folder:
    # A wheel is a zip file, which Python runs modules from.
    wheel = download_pip(folder)
    sys.exit(subprocess.call([sys.executable, f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)]))
