"""The hosts: what touches the world for JavaScript (sqlite3, randomness, logging).

A host function takes the text that JavaScript sent and gives the text or bytes that it gets back;
``pouchdb/_engine/table.py`` lists them all. It never calls back into the engine.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class HostError(Exception):
    """A failure that JavaScript sees as an error of PouchDB's shape."""

    def __init__(
        self, *, status: int, name: str, message: str, reason: str | None = None, **props: Any
    ) -> None:
        super().__init__(message)
        self.status = status
        self.name = name
        self.message = message
        self.reason = reason
        self.props = props

    def to_json(self) -> bytes:
        """The properties of the JavaScript error, as a JSON object."""
        properties: dict[str, Any] = {
            "status": self.status,
            "name": self.name,
            "message": self.message,
            "error": True,
            **self.props,
        }
        if self.reason is not None:
            properties["reason"] = self.reason
        return json.dumps(properties).encode("ascii")
