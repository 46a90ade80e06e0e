"""What most tests share: environments in temporary folders, and Node where it is to be had."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import pouchdb
from tests.oracle.process import Oracle, OracleUnavailable, install, node_command

NODE_FIXTURES = {"node", "oracle"}
IN_CI = os.environ.get("CI", "").lower() in ("1", "true")

# Examples per property: the fast run is made on each Python version.
settings.register_profile("fast", max_examples=20, deadline=None)
settings.register_profile("full", max_examples=150 if IN_CI else 60, deadline=None)


def pytest_configure(config: pytest.Config) -> None:
    """Choose how long Hypothesis looks for counterexamples."""
    settings.load_profile("fast" if config.option.markexpr == "not slow" else "full")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need Node belong to the full run: the fast one gets by without Node."""
    for item in items:
        if NODE_FIXTURES.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The storage folder of the environment `env`."""
    return tmp_path / "databases"


@pytest.fixture
def env(folder: Path) -> Iterator[pouchdb.SyncEnvironment]:
    """An environment of its own for the test."""
    environment = pouchdb.setup(folder)
    try:
        yield environment
    finally:
        environment.close()


@pytest.fixture
def db(env: pouchdb.SyncEnvironment) -> pouchdb.SyncPouchDB:
    """An empty database on disk."""
    return env.PouchDB("test")


@pytest.fixture(scope="session")
def node() -> str:
    """The path of Node. Without it the test is skipped, or fails where CI is set."""
    try:
        return node_command()
    except OracleUnavailable as reason:
        return _without_node(str(reason))


@pytest.fixture(scope="session")
def oracle(node: str) -> Iterator[Oracle]:
    """Node's PouchDB as a running child process."""
    try:
        install()
    except OracleUnavailable as reason:
        _without_node(str(reason))
    with Oracle() as running:
        yield running


def _without_node(reason: str) -> str:
    if IN_CI:
        pytest.fail(f"CI is set, so this must not be skipped: {reason}")
    pytest.skip(f"compares with Node's PouchDB: {reason}")
