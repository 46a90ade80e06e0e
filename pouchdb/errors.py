"""The errors that this package raises, one tree under `BaseError`.

::

    BaseError
    ├── EnvironmentError            also OSError: the folder, the process, the limits
    │   ├── UnsupportedError        also NotImplementedError: not part of this version
    │   ├── ForkedError             an environment used in a child process made by fork
    │   └── MemoryLimitError        also MemoryError: JavaScript ran out of memory_limit
    ├── BadInputError               also TypeError and ValueError: names the offending value's path
    ├── ClosedError                 the environment was closed
    ├── TimeoutError                also builtins.TimeoutError: a call took longer than its timeout
    ├── ReentrantCallError          also RuntimeError: a call from inside the engine's own work
    ├── JSError                     what JavaScript run by context.evalJs() has thrown
    └── PouchDBError                what PouchDB answers
        ├── BadRequestError         400  bad ids, bad revisions, not an object, …
        ├── UnauthorizedError       401
        ├── ForbiddenError          403
        ├── NotFoundError           404  missing or deleted
        ├── ConflictError           409  not the current revision
        ├── PreconditionFailedError 412
        │   ├── MissingIdError           _id is required for puts
        │   └── MissingStubError         a stub of an attachment that is not there
        ├── DocValidationError      500  a reserved field, such as ``_foo``
        └── DatabaseClosedError     also ClosedError: db.close() was called
            └── DatabaseDestroyedError   db.destroy(), env.destroy() or ``del env[name]``

`from_js` is the one place where an error of the JavaScript side becomes one of these.
"""

from __future__ import annotations

import builtins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

__all__ = [
    "BadInputError",
    "BadRequestError",
    "BaseError",
    "ClosedError",
    "ConflictError",
    "DatabaseClosedError",
    "DatabaseDestroyedError",
    "DocValidationError",
    "EnvironmentError",
    "ForbiddenError",
    "ForkedError",
    "JSError",
    "MemoryLimitError",
    "MissingIdError",
    "MissingStubError",
    "NotFoundError",
    "PouchDBError",
    "PreconditionFailedError",
    "ReentrantCallError",
    "TimeoutError",
    "UnauthorizedError",
    "UnsupportedError",
    "from_js",
]


class BaseError(Exception):
    """The base class of all errors that this package raises.

    The exceptions to this are a `KeyError` where Python's mapping protocol asks for one, and a
    `TypeError` for arguments that do not fit a signature.
    """

    #: What the error says when it is raised without a message.
    default_message = ""

    def __init__(self, message: str = "", *args: Any) -> None:
        super().__init__(message or self.default_message, *args)


class EnvironmentError(BaseError, builtins.EnvironmentError):
    """Something is wrong with the environment that the databases live in.

    The storage folder cannot be used, a database file is corrupt or of a newer version, the disk
    is full. ``except OSError`` catches it too. `filename` is the file or folder that it is about.
    """

    def __init__(self, message: str = "", filename: str | None = None) -> None:
        super().__init__(message)
        self.filename = filename

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.args[0], self.filename)

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class UnsupportedError(EnvironmentError, NotImplementedError):
    """What was asked for is not part of this version of the package."""


class ForkedError(EnvironmentError):
    """The environment belongs to the parent of this process: call `setup` again in the child."""

    default_message = (
        "this environment was made before this process was forked and cannot be used here; "
        "call setup() in the child process to get one of its own"
    )


class MemoryLimitError(EnvironmentError, MemoryError):
    """JavaScript needed more memory than the ``memory_limit`` given to `setup` allows."""

    default_message = (
        "JavaScript ran out of memory; do the work in smaller pieces, or give setup() a larger "
        "memory_limit"
    )


class BadInputError(BaseError, TypeError, ValueError):
    """A value that cannot be stored; nothing was written.

    `path` says where it is, beginning with the name of the argument.

    >>> from pouchdb import setup
    >>> setup()["example"].put({"_id": "a", "age": float("nan")})
    Traceback (most recent call last):
      ...
    pouchdb.errors.BadInputError: doc.age: JSON has no number nan; use None, or leave the item out
    """

    #: The way to the value: first which argument of the call, then the keys and indexes.
    keys: list[Any]

    def __init__(self, message: str = "", path: str | None = None) -> None:
        super().__init__(message, path)
        self.path = path
        self.keys = []

    def __str__(self) -> str:
        return f"{self.path}: {self.args[0]}" if self.path else str(self.args[0])


class ClosedError(BaseError):
    """The environment (or the database, see `DatabaseClosedError`) was closed."""

    default_message = "the environment is closed; call setup() again"


class TimeoutError(BaseError, builtins.TimeoutError):
    """A call took longer than the ``timeout`` given to `setup`."""

    default_message = "the call took longer than its timeout; setup(timeout=...) sets another one"

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ReentrantCallError(BaseError, RuntimeError):
    """A call into the engine from inside the engine's own work, where it could only hang."""

    default_message = (
        "a database was called from inside the engine's own work (such as a logging handler of "
        "'pouchdb.js'), where it could never answer; do it in another thread, or afterwards"
    )


class _Properties(BaseError):
    """An error with properties that JavaScript has set on it, readable like items."""

    def __init__(self, message: str = "", *args: Any, **kwargs: Any) -> None:
        super().__init__(message, *args)
        self._properties: dict[str, Any] = {"message": message, **kwargs}

    def __getitem__(self, key: str) -> Any:
        return self._properties[key]

    def __contains__(self, key: object) -> bool:
        return key in self._properties

    def __iter__(self) -> Iterator[str]:
        return iter(self._properties)

    def keys(self) -> list[str]:
        """The names of the properties, so that ``dict(error)`` works."""
        return list(self._properties)

    def get(self, key: str, default: Any = None) -> Any:
        """A property, or the default when the error has no such property."""
        return self._properties.get(key, default)

    @property
    def name(self) -> str:
        """The error's name, such as ``"not_found"`` or ``"TypeError"``."""
        return str(self._properties.get("name", "Error"))

    @property
    def message(self) -> str:
        """The error's message, the same text for every error of its kind."""
        return str(self._properties["message"])

    @property
    def stack(self) -> str | None:
        """Where in JavaScript the error comes from, when that is known."""
        return self._properties.get("stack")

    def __repr__(self) -> str:
        shown = {"message": self.message, **self._properties}
        shown.pop("stack", None)
        listed = ", ".join(f"{key}={value!r}" for key, value in shown.items())
        return f"{type(self).__name__}({listed})"


class JSError(_Properties):
    """What JavaScript that was run by ``env.context.evalJs()`` has thrown, or could not give back.

    `stack` is the JavaScript stack; ``error["thrown"]`` is the thrown value if it was no object.
    """

    def __str__(self) -> str:
        if "thrown" in self:
            return f"JavaScript has thrown {self['thrown']!r}"
        headline = f"{self.name}: {self.message}"
        if not self.stack:
            return headline
        # V8's stacks begin with the headline, unless the message was changed afterwards.
        return self.stack if self.stack.startswith(headline) else f"{headline}\n{self.stack}"


class PouchDBError(_Properties):
    """An error that PouchDB answers with.

    Its properties can be read as items (``e["status"]``) and, the usual ones, as attributes.
    ``dict(e)`` gives all of them.

    >>> from pouchdb import setup
    >>> db = setup()["example"]
    >>> try:
    ...     db.get("not-there")
    ... except PouchDBError as e:
    ...     print(e["status"], e.name, e.reason)
    404 not_found missing
    """

    #: What to do about an error of this kind; part of its text.
    advice = ""

    @property
    def status(self) -> int:
        """The HTTP status code of an error of this kind; 500 if there is none."""
        return int(self._properties.get("status") or 500)

    @property
    def reason(self) -> str:
        """What is wrong in this case; the same as `message` when PouchDB says no more than that."""
        return str(self._properties.get("reason") or self.message)

    def __str__(self) -> str:
        text = f"{self.status} {self.name}: {self.message}"
        if self.reason != self.message:
            text += f" ({self.reason})"
        document = self._properties.get("docId") or self._properties.get("id")
        if document is not None:
            text += f", document {document!r}"
        return f"{text}. {self.advice}" if self.advice else text


class BadRequestError(PouchDBError):
    """400: the request makes no sense, such as an id that is not a string."""


class UnauthorizedError(PouchDBError):
    """401: a name and a password are needed, or those given are wrong."""


class ForbiddenError(PouchDBError):
    """403: a validation function, or the server, does not allow it."""


class NotFoundError(PouchDBError):
    """404: there is no such document (`reason` is ``"missing"``) or no more (``"deleted"``)."""


class ConflictError(PouchDBError):
    """409: the document was changed by somebody else, or its ``_rev`` was not given."""

    advice = (
        "Get the document, apply the change to it, and put it with the _rev that get() gave, "
        "which must be the current one"
    )


class PreconditionFailedError(PouchDBError):
    """412: something must be done, or given, first."""


class MissingIdError(PreconditionFailedError):
    """412: a document without ``_id`` was put."""

    advice = "Give the document an _id, or use post() to have one made"


class MissingStubError(PreconditionFailedError):
    """412: a document has the stub of an attachment that is not stored."""

    advice = "Give the attachment's data in place of 'stub', or remove the stub"


class DocValidationError(PouchDBError):
    """500: a field of the document begins with an underscore and is none that PouchDB knows."""

    advice = "Fields that begin with an underscore are reserved: use another name"


class DatabaseClosedError(PouchDBError, ClosedError):
    """The database object was closed; open the database again to go on."""

    advice = "Open it again with env.PouchDB(name)"


class DatabaseDestroyedError(DatabaseClosedError):
    """The database that this object was for has been destroyed."""

    advice = "env.PouchDB(name) makes a new, empty one"


_BY_NAME: dict[tuple[int, str], type[PouchDBError]] = {
    (412, "missing_id"): MissingIdError,
    (412, "missing_stub"): MissingStubError,
    (500, "doc_validation"): DocValidationError,
}

_BY_STATUS: dict[int, type[PouchDBError]] = {
    400: BadRequestError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
    409: ConflictError,
    412: PreconditionFailedError,
}

# pouchdb-utils' adapterFun() rejects with a plain Error of these messages.
_BY_MESSAGE: dict[str, type[PouchDBError]] = {
    "database is closed": DatabaseClosedError,
    "database is destroyed": DatabaseDestroyedError,
}


def from_js(properties: Mapping[str, Any], *, program: bool = False) -> BaseError:
    """Make the error that a failed JavaScript call is in Python.

    `properties` are those of the thrown object. `program` says that the code came from the user,
    by `evalJs` or a function that it gave: whatever that throws is a `JSError`.
    """
    # JavaScript's undefined arrives as None when the host makes the error.
    given = {key: value for key, value in properties.items() if value is not None}
    message = str(given.pop("message", ""))
    if given.get("name") == "environment_error":
        return EnvironmentError(message, filename=given.get("path"))
    if program:
        return JSError(message, **given)
    return _pouchdb_error(message, given)


def _pouchdb_error(message: str, given: dict[str, Any]) -> PouchDBError:
    status = given.get("status")
    if not isinstance(status, int):
        # As pouchdb-errors' generateErrorFromResponse() does with errors that have no status.
        given["status"] = 500
        return _BY_MESSAGE.get(message, PouchDBError)(message, **given)
    by_name = _BY_NAME.get((status, str(given.get("name"))))
    return (by_name or _BY_STATUS.get(status, PouchDBError))(message, **given)
