"""Reading requests: fields separated by newlines, every free text in them being JSON text."""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final, TypeAlias

#: What a piece of text is bound as: str, or WTF-8 bytes if it holds lone surrogates. The statement
#: casts it to TEXT.
Bindable: TypeAlias = "str | bytes"

#: Greater than any id: 0xFF does not occur in UTF-8.
BEYOND_ALL_IDS: Final = b"\xff"


def load(text: str) -> Any:
    """Parse JSON text, which may hold lone surrogates."""
    return json.loads(text)


def bindable(text: str) -> Bindable:
    """Text as a parameter of a statement."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def load_id(field: str) -> Bindable:
    """A string's JSON text as a parameter of a statement."""
    if "\\" not in field:
        return field[1:-1]
    return bindable(load(field))


def load_ids(field: str) -> list[Any]:
    """The JSON text of an array of strings as parameters of statements."""
    strings: list[str] = load(field)
    return strings if "\\ud" not in field else [bindable(text) for text in strings]


def has_unsafe_escapes(field: str) -> bool:
    """Whether SQLite's json_each might not give back the same strings (it ends them at U+0000)."""
    return "\\u" in field
