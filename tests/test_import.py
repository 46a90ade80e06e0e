"""`import pouchdb` is light: what it does not need, it does not import."""

from __future__ import annotations

import json

import pytest

from tests.programs import run

HEAVY = ["asyncio", "importlib.resources", "json", "logging", "requests", "sqlite3", "sqlite_utils"]
HEAVY += ["ctypes", "inspect", "orjson", "py_mini_racer", "threading", "typing"]


def modules_after(source: str) -> set[str]:
    ended = run(f"{source}\nimport json, sys; print(json.dumps(sorted(sys.modules)))")
    assert ended.err == ""
    return set(json.loads(ended.out))


@pytest.fixture(scope="module")
def without() -> set[str]:
    """What Python itself imports (which depends on what is installed), and json for `HEAVY`."""
    return modules_after("pass") - {"json"}


def test_the_import_imports_nothing_heavy(without: set[str]) -> None:
    found = modules_after("import json as _; before = {*__import__('sys').modules}; import pouchdb")
    assert found.intersection(HEAVY) - without - {"json"} == set()
    assert "pouchdb._engine" not in found
    assert "pouchdb.environment" not in found


def test_the_names_of_the_package_are_there_all_the_same() -> None:
    import pouchdb

    assert pouchdb.SyncPouchDB.__module__ == "pouchdb.database"
    assert set(pouchdb.__all__) <= set(dir(pouchdb))
    with pytest.raises(AttributeError, match="module 'pouchdb' has no attribute 'nonsense'"):
        pouchdb.nonsense  # noqa: B018


def test_the_first_document_needs_neither_asyncio_nor_requests_nor_orjson(
    without: set[str],
) -> None:
    source = "import pouchdb; env = pouchdb.setup(); env['a'].put({'_id': 'x'}); env['a'].get('x')"
    found = modules_after(source)
    unwanted = {"asyncio", "importlib.resources", "inspect", "orjson", "requests", "sqlite_utils"}
    assert found & unwanted - without == set()
