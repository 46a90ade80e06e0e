"""The oracle itself: Node's PouchDB answers, and ends by itself."""

from __future__ import annotations

import subprocess

import pytest

from tests.oracle.process import FOLDER, Oracle, OracleError


def test_it_is_the_version_that_the_bundle_holds(oracle: Oracle) -> None:
    assert oracle.call("", "versions")["pouchdb"] == "9.0.0"


def test_errors_keep_their_properties(oracle: Oracle) -> None:
    db = oracle.open("oracle-errors", adapter="memory")
    with pytest.raises(OracleError, match="not_found") as caught:
        db.call("get", "missing")
    assert caught.value.error["status"] == 404
    assert caught.value.error["docId"] == "missing"


def test_bytes_travel_both_ways(oracle: Oracle) -> None:
    db = oracle.open("oracle-bytes", adapter="memory")
    db.call("putAttachment", "a", "x", {"$bytes": "AAH/"}, "image/png")
    assert db.call("getAttachment", "a", "x") == {"$bytes": "AAH/", "type": "image/png"}


def test_it_ends_with_its_input(oracle: Oracle, node: str) -> None:
    assert oracle.call("", "versions")  # the packages are installed
    done = subprocess.run(
        [node, str(FOLDER / "server.mjs")], input=b"", capture_output=True, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
