"""What is shipped: the contents of wheel and sdist, what they say, a life without Node."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

import pouchdb
from tests.markdown_examples import ROOT

PUT_AND_GET = """
import shutil, sys, pouchdb
assert shutil.which("node") is None, "Node is on the PATH"
with pouchdb.setup(sys.argv[1]) as env:
    env.PouchDB("db").put({"_id": "a", "text": "\\u00e9"})
with pouchdb.setup(sys.argv[1]) as env:
    print(ascii(env.PouchDB("db").get("a")["text"]), pouchdb.__file__)
"""


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist of this tree and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=170)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (path,) = dist.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


def test_the_version_is_a_constant_of_the_module() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", pouchdb.__version__)
    source = (ROOT / "pouchdb" / "__init__.py").read_text(encoding="utf-8")
    assert f'__version__ = "{pouchdb.__version__}"' in source


def test_the_changelog_has_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[(?:{pouchdb.__version__}|Unreleased)\]", changelog, re.M)


def test_the_notice_names_every_package_in_the_bundle() -> None:
    bundle = (ROOT / "pouchdb" / "_bundle.js").read_text(encoding="utf-8")
    notices = bundle[bundle.rindex("/*! Third-party software") :]
    bundled = re.findall(r"^([\w@/.-]+) (\d+\.\d+\.\d+) \(([^\n]+)\)$", notices, re.M)
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    listed = re.findall(r"^  ([\w@/.-]+) (\d+\.\d+\.\d+) +(\S[^\n]*)$", notice, re.M)
    assert sorted(listed) == sorted(bundled)


@pytest.mark.slow
def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    sources = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "pouchdb").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names == sources
    assert {"pouchdb/_bundle.js", "pouchdb/py.typed"} <= names


@pytest.mark.slow
def test_the_sdist_holds_what_building_and_testing_need(dist: Path) -> None:
    (path,) = dist.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "LICENSE",
        "NOTICE",
        "docs/index.md",
        "examples/unicode_db.py",
        "jsbundle/build.mjs",
        "jsbundle/package-lock.json",
        "jsbundle/src/main.js",
        "pouchdb/_bundle.js",
        "tests/test_packaging.py",
        "tox.ini",
    } <= names
    assert not [name for name in names if "node_modules" in name or "__pycache__" in name]


@pytest.mark.slow
def test_the_metadata_says_what_is_needed(metadata: Message) -> None:
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Version"] == pouchdb.__version__
    needs = [value for value in metadata.get_all("Requires-Dist", []) if "extra ==" not in value]
    names = {re.split(r"[^\w-]", value, maxsplit=1)[0] for value in needs}
    assert names == {"mini-racer", "orjson", "requests", "sqlite-utils"}


@pytest.mark.slow
def test_the_installed_wheel_puts_and_gets_without_node(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "venv"
    venv.create(home, with_pip=True)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = str(scripts / "python")
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, timeout=170)
    done = subprocess.run(
        [python, "-c", PUT_AND_GET, str(tmp_path / "data")],
        cwd=tmp_path,
        env={**environment, "PATH": str(scripts)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    text, origin = done.stdout.split(maxsplit=1)
    assert text == r"'\xe9'"
    assert Path(origin.strip()).is_relative_to(home)
