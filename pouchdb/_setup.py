"""`setup`, where everything begins. Importing this imports next to nothing; calling it does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Any, Literal

    from typing_extensions import Unpack

    from pouchdb.environment import SyncEnvironment
    from pouchdb.options import SetupOptions

_DURABILITIES = ("normal", "full")


def setup(
    storage_dir: str | os.PathLike[str] | None = None,
    async_: bool = False,
    base_url: str = "file:///",
    *,
    durability: Literal["normal", "full"] | None = None,
    memory_limit: int | None = None,
    timeout: float | None = 300.0,
    spin: bool | None = None,
    storageDir: str | os.PathLike[str] | None = None,
    baseUrl: str | None = None,
    **other: Unpack[SetupOptions],
) -> SyncEnvironment:
    """Set up an environment, through which everything else is done.

    Environments of the same folder in one process share what is behind them, so what is written
    through one is seen through the other at once; other processes may use the folder too.

    Args:
        storage_dir: The folder to store databases in, made if it does not exist. Without one, a
            new, private, temporary folder, which is removed by ``env.close()`` and at exit.
        async_: Must be false: the asynchronous API is not part of this version.
        base_url: What relative URLs are relative to; of no consequence for local databases.
        durability: ``"normal"``: what was written survives a crash of the program; the last
            writes before a power failure may be lost (but nothing is ever damaged). ``"full"``:
            every write also waits for the disk. Unless given, that of the folder's open
            environments, or normal.
        memory_limit: How many bytes of memory JavaScript may use; 1 GiB unless given.
        timeout: After how many seconds a call is ended with a `TimeoutError`; None for never.
        spin: Whether calls may keep a processor busy for some microseconds to be faster; yes,
            unless given, where it pays.
        storageDir: The same as ``storage_dir``.
        baseUrl: The same as ``base_url``.
        other: ``**{"async": ...}`` is the same as ``async_``. There are no others.

    Raises:
        EnvironmentError: The folder cannot be used.
        BadInputError: An argument has a wrong type or value.

    >>> from pouchdb import setup
    >>> with setup() as env:
    ...     env.PouchDB("example").post({"hello": "world"}).ok
    True
    """
    async_ = other.get("async", async_)
    for name in other.keys() - {"async"}:
        raise TypeError(_about_unknown(name))
    storage_dir = _one_of("storage_dir", storage_dir, "storageDir", storageDir)
    if baseUrl is not None:
        base_url = baseUrl
    _check("base_url", base_url, isinstance(base_url, str), "a str")
    _check("durability", durability, durability in (None, *_DURABILITIES), "'normal' or 'full'")
    _check("timeout", timeout, timeout is None or _is_positive(timeout), "seconds above 0, or None")
    is_limit = memory_limit is None or (
        _is_positive(memory_limit) and isinstance(memory_limit, int)
    )
    _check("memory_limit", memory_limit, is_limit, "bytes")
    _check("spin", spin, spin is None or isinstance(spin, bool), "True, False or None")
    if async_:
        from pouchdb.errors import UnsupportedError

        raise UnsupportedError("the asynchronous API is not part of this version")
    folder = None if storage_dir is None else _made_folder(storage_dir)
    given = {"durability": durability, "memory_limit": memory_limit, "spin": spin}
    from pouchdb._engine.engine import acquire
    from pouchdb.environment import SyncEnvironment

    engine = acquire(folder, **{key: value for key, value in given.items() if value is not None})
    return SyncEnvironment(engine, timeout)


def _made_folder(storage_dir: str | os.PathLike[str]) -> str:
    """The folder's path, after making it."""
    import os

    from pouchdb.errors import BadInputError, EnvironmentError

    try:
        path = os.fsdecode(storage_dir)
    except TypeError:
        kind = type(storage_dir).__name__
        raise BadInputError(f"expected a path, not a {kind}", path="storage_dir") from None
    if not path:
        raise BadInputError("expected a path, not an empty one", path="storage_dir")
    folder = os.path.abspath(path)
    try:
        os.makedirs(folder, exist_ok=True)
        if not os.path.isdir(folder):  # makedirs() accepts what a dangling link leads to
            raise NotADirectoryError
        return folder
    except (FileExistsError, NotADirectoryError) as error:
        reason = "there is a file in its place, or in that of a folder above it"
        cause: Exception = error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        cause = error
    raise EnvironmentError(
        f"the storage folder {folder} cannot be used: {reason}; give setup() the path of a folder "
        "that exists or can be made, and that you may write to",
        filename=folder,
    ) from cause


def _one_of(name: str, value: Any, alias: str, other: Any) -> Any:
    if value is not None and other is not None:
        raise TypeError(f"setup() got both {name} and {alias}, which are the same")
    return other if value is None else value


def _check(name: str, value: object, is_right: bool, expected: str) -> None:
    if not is_right:
        from pouchdb.errors import BadInputError

        raise BadInputError(f"expected {expected}, not {value!r}", path=name)


def _is_positive(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def _about_unknown(name: str) -> str:
    import difflib
    import inspect

    known = [*list(inspect.signature(setup).parameters)[:-1], "async"]
    near = difflib.get_close_matches(name, known)
    message = f"setup() got an unexpected keyword argument {name!r}"
    return f"{message}; did you mean {near[0]!r}?" if near else f"{message}; it knows: {known}"
