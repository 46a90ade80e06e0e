"""JSON into and out of the engine, with orjson and without."""

from __future__ import annotations

import gc
import json
import uuid
from collections.abc import Iterator
from enum import Enum, IntEnum
from typing import Any, NamedTuple

import pytest

from pouchdb import AttrAccess, BadInputError, Blob
from pouchdb._engine import codec


class Point(NamedTuple):
    x: int
    y: int


class Color(Enum):
    RED = "red"
    CORNERS = (1, (2, {"three": 3}))


class Level(IntEnum):
    HIGH = 3


class Text(str):
    __slots__ = ()


class Number(float):
    pass


@pytest.fixture(params=["with orjson", "without orjson", "before orjson is imported"])
def mode(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each way of encoding that there is."""
    if request.param == "with orjson":
        codec._Orjson.load()
    else:
        monkeypatch.setattr(codec._Orjson, "dumps", None)
        budget = None if request.param == "without orjson" else 8
        monkeypatch.setattr(codec._Orjson, "budget", budget)
    yield
    if request.param == "before orjson is imported":
        codec._Orjson.load()


class Kept:
    """What the engine would keep, and the markers that stand for it."""

    def __init__(self) -> None:
        self.data: list[bytes] = []

    def __call__(self, data: bytes) -> dict[str, Any]:
        self.data.append(data)
        return {"marker": len(self.data) - 1}


def encoded(value: Any, **options: Any) -> Any:
    return json.loads(codec.encode([value], Kept(), **options))[0]


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"a": [1, -1.5, True, None, "é\0\u2028"]}, {"a": [1, -1.5, True, None, "é\0\u2028"]}),
        ("\ud800 alone", "\ud800 alone"),
        ({"\udfff": "\ud83d"}, {"\udfff": "\ud83d"}),
        (2**53, 2**53),
        (-(2**53), -(2**53)),
        ((1, (2,)), [1, [2]]),
        (Point(1, 2), [1, 2]),
        (Color.RED, "red"),
        ({"c": Color.CORNERS}, {"c": [1, [2, {"three": 3}]]}),
        (Level.HIGH, 3),
        (Text("x"), "x"),
        ({Text("k"): Text("v")}, {"k": "v"}),
        (Number(1.5), 1.5),
        ([Number(1.5), None], [1.5, None]),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (AttrAccess(a=AttrAccess(b=None)), {"a": {"b": None}}),
        ({"null": "null"}, {"null": "null"}),
        (1e308, 1e308),
        ([[]] * 3, [[], [], []]),
    ],
)
def test_what_json_has_and_what_has_a_place_in_it(value: Any, expected: Any) -> None:
    assert encoded(value) == expected


@pytest.mark.usefixtures("mode")
def test_the_order_of_keys_stays() -> None:
    value = {"b": 1, "a": 2, "10": 3, "9": 4}
    assert list(encoded(value)) == list(value)


@pytest.mark.usefixtures("mode")
def test_nothing_of_the_callers_is_changed() -> None:
    value = {"a": (1, [Point(1, 2)]), "_attachments": {"f": {"data": b"x"}}, "s": "\ud800"}
    before = repr(value)
    encoded(value)
    assert repr(value) == before


@pytest.mark.usefixtures("mode")
@pytest.mark.parametrize("data", [b"abc", bytearray(b"abc"), memoryview(b"xabcx")[1:4]])
def test_binary_data_is_kept_once_and_marked(data: Any) -> None:
    kept = Kept()
    doc = {"_attachments": {"f": {"data": data}}, "more": [None] * 10}
    text = codec.encode([doc, data], kept)
    markers = json.loads(text)
    assert [markers[0]["_attachments"]["f"]["data"], markers[1]] == [{"marker": 0}, {"marker": 1}]
    assert kept.data == [b"abc", b"abc"]
    assert all(isinstance(item, bytes) for item in kept.data)


@pytest.mark.usefixtures("mode")
def test_binary_data_that_can_change_is_copied() -> None:
    kept = Kept()
    data = bytearray(b"before")
    codec.encode([data], kept)
    data[:] = b"after!"
    assert kept.data == [b"before"]


@pytest.mark.usefixtures("mode")
def test_the_type_of_a_blob_gets_through() -> None:
    kept = Kept()
    codec.encode([Blob(b"x", "image/png")], kept)
    assert isinstance(kept.data[0], Blob)
    assert kept.data[0].type == "image/png"


@pytest.mark.usefixtures("mode")
def test_binary_data_may_be_anywhere_if_allowed() -> None:
    assert encoded({"a": [b"x"]}, bytes_anywhere=True) == {"a": [{"marker": 0}]}


def nested(levels: int) -> Any:
    value: Any = 1
    for level in range(levels):
        value = [value] if level % 2 else {"a": value}
    return value


@pytest.mark.usefixtures("mode")
def test_deep_nesting_passes_up_to_a_limit() -> None:
    deep = nested(codec.MAX_DEPTH - 1)
    assert encoded(deep) == deep
    with pytest.raises(BadInputError, match="nested more than 500 levels deep"):
        codec.encode([nested(codec.MAX_DEPTH + 1)], Kept())


@pytest.mark.parametrize("text", ["[1,2]", b'"\xed\xa0\x80"', '{"a":{"b":[{"c":null}]}}'])
def test_results_are_python_values(text: str | bytes) -> None:
    plain = json.loads(text)
    assert codec.decode(text, None, lambda _marker: None) == plain


def test_every_object_of_a_result_has_attributes() -> None:
    result = codec.decode(b'{"a":[{"b":{"c":1}}]}', None, lambda _marker: None)
    assert result.a[0].b.c == 1


def test_markers_become_what_they_stand_for() -> None:
    text = '{"data":{"T":["blob",5]},"not":{"T":1,"x":2},"T2":{"T3":[]}}'
    result = codec.decode(text, "T", lambda marker: ("made of", marker))
    assert result == {"data": ("made of", ["blob", 5]), "not": {"T": 1, "x": 2}, "T2": {"T3": []}}


def test_large_doubles_come_back_as_the_floats_they_are() -> None:
    # This is what JSON.stringify(2 ** 60) gives; the integer would be another number.
    found = codec.decode("[1152921504606847000,-9007199254740992,5]", None, lambda _marker: None)
    assert found == [2.0**60, -(2**53), 5]
    assert [type(number) for number in found] == [float, int, int]


def test_the_garbage_collector_is_paused_for_large_results_only() -> None:
    large = json.dumps([{"a": 1}] * 20_000)
    states: list[bool] = []
    codec.decode(large[:-1] + ',{"T":1}]', "T", lambda _marker: states.append(gc.isenabled()))
    codec.decode('[{"T":1}]', "T", lambda _marker: states.append(gc.isenabled()))
    assert states == [False, True]
    assert gc.isenabled()


def test_a_paused_garbage_collector_stays_paused() -> None:
    gc.disable()
    try:
        codec.decode(json.dumps([{}] * 60_000), None, lambda _marker: None)
        assert not gc.isenabled()
    finally:
        gc.enable()


@pytest.mark.parametrize("text", ['{"a": 1}', b'{"a": 1}', ' {"a":1}\n'])
def test_json_text_is_a_document(text: str | bytes) -> None:
    assert codec.parse_document(text, "doc") == {"a": 1}


@pytest.mark.parametrize("text", ["", "hello", '{"a": NaN}', "{} {}", b"\xff", "[" * 100_000])
def test_other_text_is_refused(text: str | bytes) -> None:
    with pytest.raises(BadInputError, match=r"^doc: not the JSON text of a document: ."):
        codec.parse_document(text, "doc")


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], "doc"),
        (["a", 3, "b"], "doc.a[3].b"),
        (["my key", "class"], "doc['my key'].class"),
        (["x" * 100], f"doc.{'x' * 100}"),
        (["-" * 100], f"doc['{'-' * 56}...]"),
    ],
)
def test_paths_are_written_as_in_code(keys: list[str | int], expected: str) -> None:
    assert codec.path_text(keys, "doc") == expected
