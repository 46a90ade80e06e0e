"""The floors of the house: who imports what, and that everything public is documented.

ruff's banned-api rule says the same about the foreign modules while typing; these tests also see
imports by name, and that every door is still in use.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import pouchdb
from tests.markdown_examples import ROOT

PACKAGE = ROOT / "pouchdb"
BUNDLE_SOURCES = ROOT / "jsbundle" / "src"

#: Foreign module: the modules of ours that may know it, below pouchdb/.
DOORS = {
    "py_mini_racer": {"_engine/v8.py"},
    "sqlite3": {"_hosts/storage/connection.py"},
    "requests": set[str](),
    "sqlite_utils": set[str](),
}

#: What imports a module that it is given the name of.
IMPORTING = ("import_module", "find_spec", "__import__")


def modules() -> Iterator[Path]:
    return PACKAGE.rglob("*.py")


def imports_of(path: Path) -> set[str]:
    """Every absolute module name that the file imports, also inside functions and by name."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(IMPORTING):
            names |= {
                argument.value
                for argument in node.args
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            }
    return names


def importers_of(module: str) -> set[str]:
    return {
        path.relative_to(PACKAGE).as_posix()
        for path in modules()
        if any(name == module or name.startswith(module + ".") for name in imports_of(path))
    }


def public_modules() -> list[ModuleType]:
    names = [
        info.name
        for info in pkgutil.walk_packages(pouchdb.__path__, "pouchdb.")
        if not any(part.startswith("_") for part in info.name.split("."))
    ]
    return [pouchdb, *map(importlib.import_module, names)]


def undocumented(owner: type | ModuleType) -> Iterator[str]:
    """Public functions and classes defined in ``owner``, and theirs, that have no docstring."""
    for name, value in vars(owner).items():
        value = getattr(value, "__func__", value)
        if name.startswith("_") or not (inspect.isfunction(value) or inspect.isclass(value)):
            continue
        if isinstance(owner, ModuleType) and value.__module__ != owner.__name__:
            continue
        if not inspect.getdoc(getattr(owner, name)):
            yield f"{owner.__name__}.{name}"
        if inspect.isclass(value):
            yield from undocumented(value)


@pytest.mark.parametrize("module", DOORS)
def test_a_foreign_module_has_one_door(module: str) -> None:
    assert importers_of(module) == DOORS[module]


def test_a_host_knows_neither_the_engine_nor_the_api() -> None:
    above = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (PACKAGE / "_hosts").rglob("*.py")
        for name in imports_of(path)
        if name.startswith("pouchdb.") and not name.startswith("pouchdb._hosts")
    }
    assert above == set()


def test_the_api_does_not_reach_past_the_engine() -> None:
    below = {
        f"{path.name}: {name}"
        for path in PACKAGE.glob("*.py")
        for name in imports_of(path)
        if name.startswith(("pouchdb._hosts", "pouchdb._engine.v8", "pouchdb._engine.bridge"))
    }
    assert below == set()


def test_only_the_bridge_of_the_bundle_touches_what_the_engine_injects() -> None:
    importers = {
        path.relative_to(BUNDLE_SOURCES).as_posix()
        for path in BUNDLE_SOURCES.rglob("*.js")
        if re.search(r"""from ['"][./\w]*channel\.js['"]""", path.read_text(encoding="utf-8"))
    }
    assert importers <= {"host.js", "bridge/dispatch.js", "main.js"}
    assert "host.js" in importers


def test_all_is_sorted_and_complete() -> None:
    assert list(pouchdb.__all__) == sorted(pouchdb.__all__)
    assert [name for name in pouchdb.__all__ if not hasattr(pouchdb, name)] == []


def test_everything_public_is_documented() -> None:
    exported = [getattr(pouchdb, name) for name in pouchdb.__all__]
    found = [item for module in public_modules() for item in undocumented(module)]
    found += [item for value in exported if inspect.isclass(value) for item in undocumented(value)]
    assert sorted(set(found)) == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in modules()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_no_code_is_made_at_run_time() -> None:
    """No exec, no eval: hover, help() and type checkers see what there is."""
    calls = {
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("exec", "eval")
    }
    assert calls == set()
