"""JSON in and out of the engine.

Going in, orjson does the work (in about a tenth of the time of the standard library), and what it
refuses is looked at again by `_Careful`, which either can express it (lone surrogates, deep
nesting) or says where the offending value is. Importing orjson takes as long as encoding some
thousand values without it, so it is imported when there is more work than that.

Coming out, the standard library's C scanner is the fastest, because it makes the `AttrAccess`
objects as it goes.

What is accepted: dict, list, tuple, str, int, float, bool, None and their subclasses; bytes,
bytearray and memoryview where binary data may be; and, as orjson has it, `enum.Enum` (its value)
and `uuid.UUID` (its text).
"""

from __future__ import annotations

import gc
from json.decoder import JSONDecoder
from json.encoder import JSONEncoder
from json.scanner import make_scanner

from pouchdb.errors import BadInputError
from pouchdb.results import AttrAccess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import Any

    Keep = Callable[[bytes], dict[str, Any]]

__all__ = ["MAX_DEPTH", "decode", "encode", "parse_document", "path_text"]

#: Deeper nesting is refused: the parsers on the way back recurse.
MAX_DEPTH = 500

#: JavaScript has one type of number, a double; not every integer beyond this is exact in it.
_LARGEST_INTEGER = 2**53

#: How many values are encoded without orjson before it is imported.
_VALUES_BEFORE_ORJSON = 3_000

#: While a text of this size or more is parsed, the garbage collector, which would look at the new
#: objects again and again, is paused.
_LARGE = 100_000

_BINARY = (bytes, bytearray, memoryview)
_CONTAINERS = (dict, list, tuple)
_AS_THEY_ARE = (str, bool, dict, list, tuple)


def encode(values: Sequence[Any], keep_bytes: Keep, *, bytes_anywhere: bool = False) -> bytes:
    """Give the arguments of a call as UTF-8 JSON, a list.

    `keep_bytes` is called once for each binary value, with `bytes` (or a `Blob`) that nobody else
    will change, and gives the marker that stands for it; if this function raises, the caller
    drops what was kept. Binary data may be an argument of its own or the data of an attachment,
    and with `bytes_anywhere` any value.

    Raises `BadInputError`, whose ``keys`` begin with the index of the argument. Changes nothing
    in the values.
    """
    keeper = _Keeper(keep_bytes)
    if _Orjson.dumps is None:
        text = _encode_without_orjson(values, keeper, bytes_anywhere)
        if text is not None:
            return text
    if _Orjson.dumps is not None:
        try:
            text = _Orjson.dumps(values, keeper.replace, _Orjson.options)
        except TypeError:
            pass  # the careful way finds the reason again, and where it is
        else:
            if not keeper.used and (b"null" not in text or not _has_nan(values)):
                return text
    # Where there is binary data, somebody has to look whether it is in the right place.
    keeper.begin_again()
    return _Careful(keeper, bytes_anywhere).encode(values)


def decode(data: bytes | str, token: str | None, make: Callable[[list[Any]], Any]) -> Any:
    """Parse a result; every object in it becomes an `AttrAccess`.

    An object whose only key is `token` is a marker and becomes what `make` gives for its value.
    `token` is None if the text has no markers.
    """
    text = data if isinstance(data, str) else data.decode("utf-8", "surrogatepass")
    scan = _scan if token is None else _marker_scanner(token, make)
    if len(text) < _LARGE or not gc.isenabled():
        return scan(text, 0)[0]
    gc.disable()
    try:
        return scan(text, 0)[0]
    finally:
        gc.enable()


def parse_document(text: str | bytes, name: str) -> Any:
    """Parse JSON text that a user gives in place of the document(s) `name`."""
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8", "surrogatepass")
        return _user_decoder.decode(text)
    except (ValueError, RecursionError) as error:
        message = f"not the JSON text of a document: {error}"
        raise BadInputError(message, path=name) from None


def path_text(keys: Sequence[str | int], name: str) -> str:
    """Give a path below the argument `name` as one writes it: ``doc.tags[3]["my key"]``."""
    text = name
    for key in keys:
        if isinstance(key, str) and key.isidentifier():
            text += f".{key}"
        else:
            text += f"[{_short(key)}]"
    return text


# ---------------------------------------------------------------- in


class _Orjson:
    """orjson, once it is imported."""

    dumps: Callable[..., bytes] | None = None
    options = 0
    #: How many values may yet be encoded without it; None if it is not to be had.
    budget: int | None = _VALUES_BEFORE_ORJSON

    @classmethod
    def load(cls) -> None:
        try:
            import orjson

            options = (
                orjson.OPT_STRICT_INTEGER
                | orjson.OPT_PASSTHROUGH_DATACLASS
                | orjson.OPT_PASSTHROUGH_DATETIME
            )
        except ImportError:
            cls.budget = None
            return
        except AttributeError:
            return  # a signal handler has interrupted this very import
        cls.options = options
        cls.dumps = orjson.dumps


class _Keeper:
    """Hands binary values to the engine; each once, also when the encoding is begun again."""

    __slots__ = ("_keep_bytes", "_spare", "used")

    def __init__(self, keep_bytes: Keep) -> None:
        self._keep_bytes = keep_bytes
        #: Which values (by identity) have got which markers, and those of an earlier attempt.
        self.used: list[tuple[int, dict[str, Any]]] | None = None
        self._spare: dict[int, list[dict[str, Any]]] | None = None

    def keep(self, value: Any) -> dict[str, Any]:
        spare = self._spare.get(id(value)) if self._spare else None
        if spare:
            marker = spare.pop()
        else:
            # What may change, or is a view of what may, is copied.
            marker = self._keep_bytes(value if isinstance(value, bytes) else bytes(value))
        if self.used is None:
            self.used = []
        self.used.append((id(value), marker))
        return marker

    def begin_again(self) -> None:
        if self.used:
            self._spare = {}
            for identity, marker in reversed(self.used):
                self._spare.setdefault(identity, []).append(marker)
        self.used = None

    def replace(self, value: Any) -> Any:
        """What orjson is to write for a value that it does not know."""
        if isinstance(value, _BINARY):
            return self.keep(value)
        if isinstance(value, tuple):
            return list(value)
        if isinstance(value, float) and value - value == 0:
            return float(value)
        raise TypeError


def _encode_without_orjson(
    values: Sequence[Any], keeper: _Keeper, bytes_anywhere: bool
) -> bytes | None:
    """The text, or None if there is so much to encode that orjson was imported."""
    careful = _Careful(keeper, bytes_anywhere, _Orjson.budget)
    try:
        text = careful.encode(values)
    except _OutOfBudget:
        _Orjson.load()
        keeper.begin_again()
        return None
    _Orjson.budget = careful.budget
    return text


def _has_nan(values: Any) -> bool:
    """Whether there is a float that JSON cannot hold; orjson writes null for those."""
    for value in values.values() if isinstance(values, dict) else values:
        kind = type(value)
        if kind is float:
            if value - value != 0:
                return True
        elif kind is not str and isinstance(value, _CONTAINERS) and _has_nan(value):
            return True
    return False


class _OutOfBudget(Exception):
    """There are more values than are worth encoding without orjson."""


# Escapes everything but ASCII, so that lone surrogates pass. It only gets checked values.
_dump = JSONEncoder(check_circular=False, allow_nan=False, separators=(",", ":")).encode


class _Careful:
    """Copies values into what JSON can hold, and knows where it is when it cannot.

    It goes down level by level with a stack of its own, not by recursion, so that nesting of up
    to `MAX_DEPTH` does not depend on how deep the caller is.
    """

    def __init__(self, keeper: _Keeper, bytes_anywhere: bool, budget: int | None = None) -> None:
        self._keeper = keeper
        self._bytes_anywhere = bytes_anywhere
        self.budget = budget
        #: Where the value is that is being copied.
        self._keys: list[Any] = []
        #: The containers that it is in, outermost first, and at which depth each is.
        self._depths: dict[int, int] = {}

    def encode(self, values: Sequence[Any]) -> bytes:
        copied: list[Any] = []
        levels = [self._enter(values, copied)]
        while levels:
            container, items, target = levels[-1]
            inner = self._fill(items, target)
            if inner is not None:
                levels.append(inner)
                continue
            levels.pop()
            self._keys.pop()
            del self._depths[id(container)]
        try:
            return _dump(copied).encode("ascii")
        except RecursionError:
            raise BadInputError("nested too deeply for the depth of the caller's stack") from None

    def _enter(self, container: Any, target: Any) -> tuple[Any, Iterator[Any], Any]:
        if len(self._keys) > MAX_DEPTH:
            message = f"nested more than {MAX_DEPTH} levels deep; use a flatter structure"
            raise _bad_input(message, self._keys[:4])
        depth = self._depths.setdefault(id(container), len(self._keys))
        if depth != len(self._keys):
            above = len(self._keys) - depth
            raise self._bad(f"contains itself: it is the same object as {above} level(s) above")
        self._keys.append(None)
        items = container.items() if isinstance(container, dict) else enumerate(container)
        return container, iter(items), target

    def _fill(self, items: Iterator[Any], target: Any) -> tuple[Any, Iterator[Any], Any] | None:
        """Copy items up to the next container, which becomes the next level."""
        is_list = isinstance(target, list)
        for key, value in items:
            self._keys[-1] = key
            if not is_list and not isinstance(key, str):
                raise self._bad(_about_key(key))
            plain = self._plain(value)
            inner: Any = None
            if isinstance(plain, _CONTAINERS):
                inner = {} if isinstance(plain, dict) else []
            if is_list:
                target.append(plain if inner is None else inner)
            else:
                target[str(key)] = plain if inner is None else inner
            if inner is not None:
                return self._enter(plain, inner)
        return None

    def _plain(self, value: Any) -> Any:
        """The value itself if it is a container or plain, otherwise what JSON has for it."""
        if self.budget is not None:
            self.budget -= 1
            if self.budget <= 0:
                raise _OutOfBudget
        if value is None or isinstance(value, _AS_THEY_ARE):
            return value
        if isinstance(value, int):
            if -_LARGEST_INTEGER <= value <= _LARGEST_INTEGER:
                return int(value)
            raise self._bad(_about_integer(value))
        if isinstance(value, float):
            if value - value == 0:
                return float(value)
            raise self._bad(f"JSON has no number {value!r}; use None, or leave the item out")
        if isinstance(value, _BINARY):
            return self._binary(value)
        return self._from_standard_library(value)

    def _binary(self, value: Any) -> Any:
        keys = self._keys
        is_attachment = len(keys) > 3 and keys[-3] == "_attachments" and keys[-1] == "data"
        if self._bytes_anywhere or is_attachment or len(keys) == 1:
            return self._keeper.keep(value)
        raise self._bad(
            f"binary data ({type(value).__name__}) can only be an attachment: put it into "
            "_attachments[name]['data'], or use putAttachment(); elsewhere use text, such as base64"
        )

    def _from_standard_library(self, value: Any) -> Any:
        from enum import Enum
        from uuid import UUID

        if isinstance(value, Enum):
            return self._plain(value.value)
        if isinstance(value, UUID):
            return str(value)
        raise self._bad(_about_type(value))

    def _bad(self, message: str) -> BadInputError:
        return _bad_input(message, self._keys)


# ---------------------------------------------------------------- what is wrong, in words

_ACCEPTED = "dict, list, str, int, float, bool or None"

#: What to do about types that people try to store, by the names of the type and its bases.
_ADVICE = {
    "set": "use sorted(...) or list(...)",
    "frozenset": "use sorted(...) or list(...)",
    "datetime": "use its isoformat()",
    "date": "use its isoformat()",
    "time": "use its isoformat()",
    "timedelta": "use its total_seconds()",
    "Decimal": "use str(...), or float(...) if it need not be exact",
    "Fraction": "use str(...), or float(...) if it need not be exact",
    "complex": "use [x.real, x.imag]",
    "generator": "use list(...)",
    "range": "use list(...)",
    "PurePath": "use str(...)",
    "Mapping": "use dict(...)",
    "ndarray": "use its tolist()",
    "generic": "use its item()",
}


def _about_type(value: Any) -> str:
    advice = next((_ADVICE[c.__name__] for c in type(value).__mro__ if c.__name__ in _ADVICE), "")
    if not advice and hasattr(value, "__dataclass_fields__"):
        advice = "use dataclasses.asdict(...)"
    return f"{_a(value)} cannot be stored as JSON; {advice or 'expected ' + _ACCEPTED}"


def _about_key(key: Any) -> str:
    return (
        f"the key {_short(key)} is {_a(key)}, and the keys of a JSON object are strings; "
        f"use {_short(str(key))}"
    )


def _about_integer(value: int) -> str:
    shown = str(value) if value.bit_length() < 200 else f"of {value.bit_length()} bits"
    return (
        f"the integer {shown} is beyond ±2**53, where JavaScript's numbers are not exact; "
        "use str(...), or float(...) if it need not be exact"
    )


def _a(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[:1] in 'aeiouAEIOU' else 'a'} {name}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _bad_input(message: str, keys: Sequence[Any]) -> BadInputError:
    error = BadInputError(message, path_text(keys[1:], f"argument {keys[0]}"))
    error.keys = list(keys)
    return error


# ---------------------------------------------------------------- out


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")


_user_decoder = JSONDecoder(parse_constant=_refuse_constant)


class _Integers(dict[str, "int | float"]):
    """Integers by their text, for the scanner: a lookup costs no more than making the integer.

    JavaScript's JSON.stringify pads large doubles with zeros: 2.0**60 becomes
    1152921504606847000. Read as an integer that would be another number, so those are read as
    the floats they are.
    """

    def __missing__(self, text: str) -> int | float:
        number: int | float = int(text)
        if abs(number) > _LARGEST_INTEGER:
            number = float(text)
        if len(self) < 4_000:
            self[text] = number
        return number


_integers = _Integers()


def _scanner(hook: Callable[[dict[str, Any]], Any]) -> Callable[[str, int], tuple[Any, int]]:
    decoder = JSONDecoder(object_hook=hook, parse_int=_integers.__getitem__)
    return make_scanner(decoder)  # type: ignore[arg-type]  # typeshed has another class in mind


_scan = _scanner(AttrAccess)


def _marker_scanner(
    token: str, make: Callable[[list[Any]], Any]
) -> Callable[[str, int], tuple[Any, int]]:
    def hook(value: dict[str, Any]) -> Any:
        if len(value) == 1 and token in value:
            return make(value[token])
        return AttrAccess(value)

    return _scanner(hook)
