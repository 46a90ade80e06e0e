"""Any database name has a file name that is safe everywhere and leads back to it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pouchdb._hosts.storage.file_names import database_name, file_name, is_hashed

names = st.text(st.characters(codec=None, exclude_categories=()), max_size=200)


@given(names)
def test_a_file_name_leads_back_to_its_database(name: str) -> None:
    found = database_name(file_name(name))
    assert found == name or (found is None and is_hashed(file_name(name)))


@given(names, names)
def test_two_names_never_share_a_file_even_where_case_does_not_count(one: str, other: str) -> None:
    assert (file_name(one).lower() == file_name(other).lower()) == (one == other)


@given(names)
def test_a_file_name_is_safe_on_every_file_system(name: str) -> None:
    file = file_name(name)
    assert re.fullmatch(r"[a-z0-9_%-][a-z0-9_.%-]*\.pouchdb", file)
    assert len(file) + len("-wal") <= 143  # the shortest limit: encrypted folders
    assert ".." not in file[:2]


@pytest.mark.parametrize("name", ["con", "NUL", "aux.x", "com1", "lpt9", "prn", "CON"])
def test_the_devices_of_windows_are_avoided(name: str) -> None:
    assert file_name(name).split(".")[0] not in {"con", "nul", "aux", "com1", "lpt9", "prn"}


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("plain-name_1.x", "plain-name_1.x.pouchdb"),
        ("", "%.pouchdb"),
        ("A/b", "%41%2fb.pouchdb"),
        ("..", "%2e%2e.pouchdb"),
        ("\ud800\0", "%ed%a0%80%00.pouchdb"),
    ],
)
def test_names_are_readable_where_that_is_safe(name: str, file: str) -> None:
    assert file_name(name) == file


def test_a_long_name_is_cut_and_completed_by_a_hash() -> None:
    assert file_name("x" * 10_000) != file_name("x" * 10_001)
    assert is_hashed(file_name("x" * 10_000))
    assert not is_hashed(file_name("%-"))


@pytest.mark.parametrize(
    "file", ["x", "x.sqlite", "X.pouchdb", "%4.pouchdb", "%61.pouchdb", "é.pouchdb", ".pouchdb"]
)
def test_a_file_of_someone_else_is_no_database(file: str) -> None:
    assert database_name(file) is None
