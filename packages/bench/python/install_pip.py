"""
Installs pip into the virtual environment that this runs in, where Debian's Python has `venv` without `ensurepip`. No index
is named here: another pip of this machine, a wheel on it, or the index of pip's own configuration give it.

    DIRECTORY/bin/python install_pip.py      in an environment made by `python -m venv --without-pip DIRECTORY`
"""
import configparser
import glob
import hashlib
import html.parser
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request

WHEEL = re.compile(r"^pip-([0-9.]+)-py3-none-any\.whl$")
WHEEL_FOLDERS = ["/usr/share/python-wheels"]


def from_ensurepip():
    return importlib.util.find_spec("ensurepip") is not None and run([sys.executable, "-m", "ensurepip", "--default-pip"])


def from_other_pip():
    """A pip of another Python installs into this one since 22.3, with all that its user has configured."""
    others = [shutil.which("pip3"), shutil.which("pip")]
    return any(run([pip, "--python", sys.executable, "install", "--quiet", "pip"]) for pip in others if pip)


def from_wheel():
    folders = WHEEL_FOLDERS + setting("find-links").split()
    wheels = [path for folder in folders for path in glob.glob(os.path.join(folder, "pip-*.whl"))]
    return any(install(path) for path in newest_first(wheels, os.path.basename))


def from_index():
    """The newest wheel of the configured index (PEP 503), checked against the digest in its address."""
    index = setting("index-url")
    if not index:
        return False
    page = f"{index.rstrip('/')}/pip/"
    collector = Links()
    collector.feed(read(page).decode())
    links = [urllib.parse.urljoin(page, link) for link in collector.links]
    for link in newest_first(links, file_name)[:1]:
        content = read(link)
        digest = re.search(r"#sha256=([0-9a-f]{64})", link)
        if digest and hashlib.sha256(content).hexdigest() != digest[1]:
            sys.exit(f"{link} must have the digest that its index gives; it has another one.")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / file_name(link)
            path.write_bytes(content)
            return install(str(path))
    return False


class Links(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.links = []

    def handle_starttag(self, tag, attributes):
        self.links += [value for name, value in attributes if tag == "a" and name == "href" and value]


def setting(name):
    """A setting of pip: its variable, else that of its configuration files, the user's before the machine's."""
    value = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if value:
        return value
    home = os.path.expanduser("~")
    files = [f"{home}/.config/pip/pip.conf", f"{home}/.pip/pip.conf", "/etc/xdg/pip/pip.conf", "/etc/pip.conf"]
    for path in [os.environ.get("PIP_CONFIG_FILE", "")] + files:
        parser = configparser.RawConfigParser()
        parser.read(path)
        for section in ("install", "global"):
            if parser.has_option(section, name):
                return parser.get(section, name)
    return ""


def file_name(link):
    return urllib.parse.unquote(urllib.parse.urlsplit(link).path.rsplit("/", 1)[-1])


def newest_first(items, name):
    versions = {item: WHEEL.match(name(item)) for item in items}
    found = [item for item in items if versions[item]]
    return sorted(found, key=lambda item: [int(part) for part in versions[item][1].split(".")], reverse=True)


def read(url):
    with urllib.request.urlopen(url, timeout=300) as response:
        return response.read()


def install(wheel):
    # A wheel is a zip file, which Python runs modules from.
    return run([sys.executable, f"{wheel}/pip", "install", "--quiet", "--no-index", wheel])


def run(command):
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


if __name__ == "__main__" and not any(way() for way in (from_ensurepip, from_other_pip, from_wheel, from_index)):
    sys.exit("ERROR: pip must be on this machine, or index-url in its configuration; neither is. Install python3-pip.")
