"""A value that will be there later, in the manner of JavaScript's promises."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    from pouchdb._callbacks import Callbacks

__all__ = ["Promise"]


class Promise:
    """What an operation will have given, or the error that it will have failed with.

    `then`, `catch` and `finally_` are JavaScript's; the functions that they are given are called
    on the environment's callback thread, with one argument. `wait` waits.

    MDN: https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Promise

    >>> from pouchdb import setup
    >>> env = setup()
    >>> promise = env.context.evalJs("return Promise.resolve(20)")
    >>> promise.then(lambda value: value + 1).then(lambda value: value * 2).wait()
    42
    """

    #: Whether the callback thread settles it.
    _needs_callbacks = True

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks
        self._lock = threading.Lock()
        self._settled = threading.Event()
        self._value: Any = None
        self._error: BaseException | None = None
        self._reactions: list[Callable[[], None]] = []
        #: Whether somebody has asked for the outcome, and so sees the error.
        self._is_watched = False

    def then(
        self,
        on_fulfilled: Callable[[Any], Any] | None = None,
        on_rejected: Callable[[BaseException], Any] | None = None,
    ) -> Promise:
        """Have a function called with the value, or the other one with the error.

        Returns a promise of what the function gives; if that is a promise, of its outcome.
        """
        following = Promise(self._callbacks)

        def react() -> None:
            reaction: Callable[[Any], Any] | None
            outcome: Any
            if self._error is None:
                reaction, outcome = on_fulfilled, self._value
            else:
                reaction, outcome = on_rejected, self._error
            if reaction is None:
                following._adopt_settled(self)
            else:
                following._settle_with(reaction, outcome)

        self._when_settled(react)
        return following

    def catch(self, on_rejected: Callable[[BaseException], Any]) -> Promise:
        """Have a function called with the error, if there is one."""
        return self.then(None, on_rejected)

    def finally_(self, on_settled: Callable[[], Any]) -> Promise:
        """Have a function called at the end, without arguments; its result is ignored."""

        def fulfilled(value: Any) -> Any:
            on_settled()
            return value

        def rejected(error: BaseException) -> Any:
            on_settled()
            raise error

        return self.then(fulfilled, rejected)

    def wait(self, timeout: float | None = None) -> Any:
        """Wait for the outcome: returns the value, or raises the error.

        Raises `pouchdb.TimeoutError` after ``timeout`` seconds; waiting again is possible.
        """
        self._is_watched = True
        if self._needs_callbacks and not self.done and self._callbacks.is_current():
            from pouchdb.errors import ReentrantCallError

            raise ReentrantCallError(
                "a callback cannot wait for what only another callback can settle; return the "
                "promise from the callback instead"
            )
        if not self._settled.wait(timeout):
            from pouchdb.errors import TimeoutError

            raise TimeoutError(f"the promise was not settled in {timeout:g} seconds")
        if self._error is not None:
            raise self._error
        return self._value

    @property
    def done(self) -> bool:
        """Whether the outcome is there."""
        return self._settled.is_set()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a promise cannot be copied or pickled")

    def __repr__(self) -> str:
        if not self.done:
            state = "pending"
        elif self._error is None:
            state = f"fulfilled with {self._value!r}"
        else:
            state = f"rejected with {self._error!r}"
        return f"<pouchdb.Promise {state}>"

    # ------------------------------------------------------------ for those who make promises

    def _resolve(self, value: Any) -> None:
        if value is self:
            self._reject(TypeError("a promise cannot be settled with itself"))
        elif isinstance(value, Promise):
            value._when_settled(lambda: self._adopt_settled(value))
        else:
            self._settle(value, None)

    def _reject(self, error: BaseException) -> None:
        self._settle(None, error)

    def _settle(self, value: Any, error: BaseException | None) -> None:
        with self._lock:
            self._value, self._error = value, error
            self._settled.set()
            reactions, self._reactions = self._reactions, []
        for reaction in reactions:
            self._callbacks.post(reaction)

    def _when_settled(self, reaction: Callable[[], None]) -> None:
        self._is_watched = True
        with self._lock:
            if not self._settled.is_set():
                self._reactions.append(reaction)
                return
        self._callbacks.post(reaction)

    def _adopt_settled(self, other: Promise) -> None:
        self._settle(other._value, other._error)

    def _settle_with(self, reaction: Callable[[Any], Any], outcome: Any) -> None:
        """Runs on the callback thread."""
        try:
            self._resolve(reaction(outcome))
        except BaseException as error:  # noqa: BLE001  # it is the outcome
            self._reject(error)

    def __del__(self) -> None:
        # Only now is it sure that nobody will ask for the error any more.
        error = getattr(self, "_error", None)
        if error is not None and not self._is_watched:
            callbacks = self._callbacks
            callbacks.post(lambda: callbacks.report(error))
