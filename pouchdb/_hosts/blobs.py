"""Bytes that JavaScript holds by reference: they never become base64, nor cross unless read.

JavaScript knows a piece of binary data as a Blob with a reference, a short text. References that
begin with ``b`` are kept here; all others belong to the storage, which resolves attachments.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

from pouchdb._hosts import HostError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

_PREFIX: Final = "b"


class Blobs:
    """The bytes that are kept for JavaScript, by reference."""

    def __init__(self, resolve_other: Callable[[str], bytes]) -> None:
        self._kept: dict[str, bytes] = {}
        self._numbers = itertools.count(1)
        self._resolve_other = resolve_other
        # JavaScript reads a large Blob piece by piece; the attachment is looked up once.
        self._last: tuple[str, bytes] = ("", b"")

    def keep(self, data: bytes) -> str:
        """Keep bytes until they are released; returns the reference."""
        reference = f"{_PREFIX}{next(self._numbers)}"
        self._kept[reference] = data
        return reference

    def resolve(self, reference: str) -> bytes:
        """The bytes behind a reference, wherever they are."""
        if not reference.startswith(_PREFIX):
            return self._resolve_other(reference)
        try:
            return self._kept[reference]
        except KeyError:
            raise HostError(
                status=500, name="blob_released", message="the data of this Blob was released"
            ) from None

    def take(self, reference: str) -> bytes:
        """Bytes that were kept to be taken once. On any thread; never asks the storage."""
        return self._kept.pop(reference)

    def release(self, reference: str) -> None:
        """Drop bytes that nobody will ask for any more. Harmless when repeated."""
        self._kept.pop(reference, None)

    # ------------------------------------------------------------------ host functions

    def read(self, text: str) -> bytes | memoryview:
        """``reference,start,end`` → the bytes of that range."""
        reference, start, end = text.rsplit(",", 2)
        if self._last[0] != reference:
            self._last = (reference, self.resolve(reference))
        piece = memoryview(self._last[1])[int(start) : int(end)]
        if int(end) >= len(self._last[1]):
            self._last = ("", b"")
        return piece

    def hold(self, text: str) -> bytes:
        """``reference,start,end`` → a reference of its own for that range."""
        reference, start, end = text.rsplit(",", 2)
        data = self.resolve(reference)
        return self.keep(data[int(start) : int(end)]).encode()

    def accept(self, _text: str, data: bytes) -> bytes:
        """Bytes that JavaScript made → their reference."""
        return self.keep(data).encode()

    def forget(self, text: str) -> None:
        """References, separated by commas, of Blobs that JavaScript has dropped."""
        for reference in text.split(","):
            self.release(reference)
