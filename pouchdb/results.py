"""What calls give back: dictionaries that can be read as objects too, and bytes with a type."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

__all__ = ["AttrAccess", "Blob"]


class AttrAccess(dict):  # type: ignore[type-arg]  # subscribed below, for type checkers only
    """A dictionary whose items can be read, set and deleted as attributes as well.

    Every object in a result is one, at every level. It is an ordinary `dict` in every other way:
    it compares equal to one, and json, pickle and copy treat it as one. An item whose name is
    that of a dict method (``doc["items"]``), or begins with two underscores, can only be reached
    as an item.

    >>> resp = AttrAccess(ok=True, id="mittens")
    >>> resp.id == resp["id"] == "mittens"
    True
    >>> resp.color = "black"
    >>> resp
    {'ok': True, 'id': 'mittens', 'color': 'black'}
    """

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        # Python's own protocols look for __names__ and must not find what a document has there.
        if name in self and not name.startswith("__"):
            return self[name]
        raise AttributeError(self._no_such(name), name=name, obj=self)

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value

    def __delattr__(self, name: str) -> None:
        if name not in self:
            raise AttributeError(self._no_such(name), name=name, obj=self)
        del self[name]

    def __dir__(self) -> Iterable[str]:
        return [*super().__dir__(), *(key for key in self if key.isidentifier())]

    def copy(self) -> AttrAccess:
        """A shallow copy, of the same class."""
        return AttrAccess(self)

    def _no_such(self, name: str) -> str:
        return f"there is no {name!r} here; there is: {', '.join(map(repr, self)) or 'nothing'}"


class Blob(bytes):
    """The data of an attachment: bytes that know their media type.

    >>> picture = Blob(b"GIF89a", "image/gif")
    >>> picture == b"GIF89a", picture.type
    (True, 'image/gif')
    """

    type: str

    def __new__(cls, data: bytes | bytearray | memoryview = b"", type: str = "") -> Blob:
        """Copy the data, unless it is `bytes`."""
        blob = super().__new__(cls, data)
        blob.type = type
        return blob
