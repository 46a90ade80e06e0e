"""The API text as a checklist: every name is there, with its alias, signature and documentation."""

from __future__ import annotations

import inspect

import pytest

import pouchdb
from pouchdb import options

#: camelCase: snake_case, of the classes' own methods.
DATABASE_ALIASES = {
    "allDocs": "all_docs",
    "bulkDocs": "bulk_docs",
    "bulkGet": "bulk_get",
    "getAttachment": "get_attachment",
    "putAttachment": "put_attachment",
    "removeAttachment": "remove_attachment",
    "revsDiff": "revs_diff",
}
ENVIRONMENT_ALIASES = {
    "activeTasks": "active_tasks",
    "addListener": "add_listener",
    "allDbs": "all_dbs",
    "removeAllListeners": "remove_all_listeners",
    "removeListener": "remove_listener",
    "resetAllDbs": "reset_all_dbs",
    "setMaxListeners": "set_max_listeners",
}
ALIASES: list[tuple[type, str, str]]
ALIASES = [(pouchdb.SyncPouchDB, *names) for names in DATABASE_ALIASES.items()]
ALIASES += [(pouchdb.SyncEnvironment, *names) for names in ENVIRONMENT_ALIASES.items()]

#: What the API text says of the methods' parameters.
SIGNATURES = {
    "allDocs": "(**options)",
    "bulkDocs": "(docs, **options)",
    "changes": "(**options)",
    "compact": "()",
    "destroy": "()",
    "get": "(docid, **options)",
    "getAttachment": "(docId, attachmentId, **options)",
    "info": "()",
    "post": "(doc, **options)",
    "put": "(doc, id=None, rev=None, **options)",
    "putAttachment": "(docId, attachmentId, doc, type, rev=None)",
    "remove": "(doc, rev=None, **options)",
    "removeAttachment": "(docId, attachmentId, rev)",
    "revsDiff": "(diff)",
}
ENVIRONMENT_SIGNATURES = {
    "__delitem__": "(dbName)",
    "__getitem__": "(dbName)",
    "addListener": "(event, listener)",
    "allDbs": "()",
    "destroy": "(name_=None, **options)",
    "emit": "(event, *args)",
    "listeners": "(event)",
    "on": "(event, listener)",
    "once": "(event, listener)",
    "removeAllListeners": "(event=None)",
    "removeListener": "(event, listener)",
    "resetAllDbs": "()",
    "setMaxListeners": "(n)",
}
ALL_SIGNATURES: list[tuple[type, str, str]]
ALL_SIGNATURES = [(pouchdb.SyncPouchDB, *item) for item in SIGNATURES.items()]
ALL_SIGNATURES += [(pouchdb.SyncEnvironment, *item) for item in ENVIRONMENT_SIGNATURES.items()]

PAIRS = [
    (pouchdb.AbstractPouchDB, pouchdb.SyncPouchDB),
    (pouchdb.AbstractEnvironment, pouchdb.SyncEnvironment),
]


def parameters(function: object) -> list[inspect.Parameter]:
    """The parameters without self."""
    assert callable(function)
    return list(inspect.signature(function).parameters.values())[1:]


@pytest.mark.parametrize(("owner", "name", "expected"), ALL_SIGNATURES)
def test_the_signature_is_that_of_the_api_text(owner: type, name: str, expected: str) -> None:
    plain = [p.replace(annotation=p.empty) for p in parameters(getattr(owner, name))]
    assert str(inspect.Signature(plain)) == expected


@pytest.mark.parametrize(("owner", "name", "alias"), ALIASES)
def test_the_alias_is_a_method_of_its_own_with_the_same_signature(
    owner: type, name: str, alias: str
) -> None:
    method, other = getattr(owner, name), getattr(owner, alias)
    assert inspect.isfunction(other)
    assert other.__name__ == alias
    assert inspect.signature(other) == inspect.signature(method)
    assert (inspect.getdoc(other) or "").startswith("Alias of `")


@pytest.mark.parametrize(("abstract", "concrete"), PAIRS)
def test_parameters_are_those_of_the_abstract_class(abstract: type, concrete: type) -> None:
    for name, method in vars(abstract).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            assert parameters(method) == parameters(getattr(concrete, name)), name


@pytest.mark.parametrize(("abstract", "concrete"), PAIRS)
def test_documentation_is_written_once(abstract: type, concrete: type) -> None:
    twice = [
        name
        for name, method in vars(abstract).items()
        if inspect.isfunction(method) and not name.startswith("_") and name in vars(concrete)
        if vars(concrete)[name].__doc__ is not None
    ]
    assert twice == []


@pytest.mark.parametrize(("abstract", "concrete"), PAIRS)
def test_every_method_says_what_it_is_about(abstract: type, concrete: type) -> None:
    """A line that ends, an example or an alias, and PouchDB's own page where there is one."""
    for name, method in vars(abstract).items():
        if inspect.isfunction(method) and not name.startswith("_"):
            doc = inspect.getdoc(getattr(concrete, name)) or ""
            assert doc.splitlines()[0].endswith("."), name


def test_every_typed_dict_of_options_is_exported() -> None:
    defined = {
        name
        for name, value in vars(options).items()
        if isinstance(value, type) and value.__module__ == options.__name__ and name[0] != "_"
    }
    assert defined == set(options.__all__)


def test_abstract_classes_cannot_be_made() -> None:
    for abstract, _ in PAIRS:
        with pytest.raises(TypeError, match="abstract"):
            abstract()
