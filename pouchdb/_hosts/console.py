"""``console.*`` in JavaScript goes to Python's logging, logger ``pouchdb.js``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final


# The values of logging's levels; the module itself is imported when there is something to log.
_LEVELS: Final = {"debug": 10, "trace": 10, "log": 20, "info": 20, "warn": 30, "error": 40}


def write(text: str) -> None:
    """``level`` newline ``message`` → a record of the logger ``pouchdb.js``."""
    import logging

    level, _, message = text.partition("\n")
    logging.getLogger("pouchdb.js").log(_LEVELS.get(level, 20), "%s", message)
