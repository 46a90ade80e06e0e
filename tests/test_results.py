"""`AttrAccess` and `Blob`: dictionaries with attributes, and bytes with a type."""

from __future__ import annotations

import copy
import json
import pickle

import pytest

from pouchdb import AttrAccess, Blob


def test_items_are_attributes() -> None:
    result = AttrAccess(ok=True, id="a")
    assert result.ok is result["ok"] is True
    result.rev = "1-x"
    result["ok"] = False
    assert (result["rev"], result.ok) == ("1-x", False)
    del result.rev
    assert result == {"ok": False, "id": "a"}


def test_a_missing_attribute_says_what_there_is() -> None:
    result = AttrAccess(ok=True, id="a")
    with pytest.raises(AttributeError, match="no 'rev' here; there is: 'ok', 'id'"):
        result.rev  # noqa: B018
    with pytest.raises(AttributeError, match="no 'rev' here"):
        del result.rev
    assert not hasattr(result, "rev")
    with pytest.raises(AttributeError, match="there is: nothing"):
        AttrAccess().rev  # noqa: B018


def test_names_of_dict_methods_stay_methods() -> None:
    result = AttrAccess({"items": 1, "keys": 2})
    assert list(result.items()) == [("items", 1), ("keys", 2)]
    assert result["items"] == 1


def test_it_is_a_dict_to_everybody_else() -> None:
    result = AttrAccess({"a": [AttrAccess(b=1)], "é": None})
    assert repr(result) == "{'a': [{'b': 1}], 'é': None}"
    assert json.loads(json.dumps(result)) == result
    assert isinstance(result, dict)
    assert dict(**AttrAccess(a=1)) == {"a": 1}


@pytest.mark.parametrize(
    "remake",
    [copy.copy, copy.deepcopy, AttrAccess.copy, lambda r: pickle.loads(pickle.dumps(r))],
    ids=["copy", "deepcopy", "method", "pickle"],
)
def test_copies_are_of_the_same_class(remake: object) -> None:
    result = AttrAccess(a=AttrAccess(b=1), __deepcopy__=1, __reduce__=2)
    assert callable(remake)
    again = remake(result)
    assert type(again) is AttrAccess
    assert type(again.a) is AttrAccess
    assert again == result
    assert again is not result


def test_attributes_can_be_completed() -> None:
    names = dir(AttrAccess({"total_rows": 1, "not a name": 2}))
    assert "total_rows" in names
    assert "items" in names
    assert "not a name" not in names


def test_a_blob_is_bytes_with_a_type() -> None:
    blob = Blob(b"abc", "text/plain")
    assert blob == b"abc"
    assert blob.type == "text/plain"
    assert repr(blob) == "b'abc'"
    assert Blob(memoryview(b"abc")).type == ""
    assert pickle.loads(pickle.dumps(blob)).type == "text/plain"
    assert copy.copy(blob).type == "text/plain"
