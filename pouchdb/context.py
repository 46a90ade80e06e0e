"""``env.context``: the JavaScript side, for tests of JavaScript code and for debugging."""

from __future__ import annotations

import itertools

from pouchdb.errors import JSError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from pouchdb.environment import SyncEnvironment

__all__ = ["Context"]

_numbers = itertools.count(1)


class Context:
    """Runs JavaScript where PouchDB runs. It has no other way to the machine than PouchDB has."""

    #: What JavaScript throws is raised as this; the same as `pouchdb.JSError`.
    JSError = JSError

    def __init__(self, environment: SyncEnvironment) -> None:
        self._environment = environment

    def evalJs(self, body: str, filename: str | None = None) -> Any:
        """Run JavaScript code, the body of a function, and give back what it returns.

        JSON values come back as Python values (objects as `AttrAccess`), undefined as None, Blobs
        and typed arrays as bytes with a type, functions as `JSFunction`, promises as `Promise`.
        There are ``PouchDB``, the timers, ``console`` (which goes to the logger ``pouchdb.js``),
        and the other usual globals of the web; there is no ``window`` and no ``process``.

        Args:
            body: The code.
            filename: What stack traces call it.

        Raises:
            JSError: What the code has thrown, or why its result cannot come back.

        >>> from pouchdb import setup
        >>> context = setup().context
        >>> context.evalJs("return [1, 2, 3].map(n => n * n)")
        [1, 4, 9]
        >>> context.evalJs("null.x")
        Traceback (most recent call last):
          ...
        pouchdb.errors.JSError: TypeError: Cannot read properties of null (reading 'x')
            at ...
        """
        if not isinstance(body, str):
            raise TypeError(f"evalJs() takes JavaScript code as a str, not {type(body).__name__}")
        name = filename or f"evalJs-{next(_numbers)}.js"
        return self._environment._call_program("eval", body, name)

    def eval_js(self, body: str, filename: str | None = None) -> Any:
        """Alias of `evalJs`."""
        return self.evalJs(body, filename)

    def inspect(self) -> dict[str, Any]:
        """What there is: versions, the storage folder, open databases, JavaScript's memory."""
        return self._environment._inspect()
