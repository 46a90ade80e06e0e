"""Node's EventEmitter, as far as PouchDB's API shows it, in Python and safe to use from threads."""

from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeVar

    Emitter = TypeVar("Emitter", bound="EventEmitter")

__all__ = ["EventEmitter"]

DEFAULT_MAX_LISTENERS = 10


class _Once:
    """Stands in the list of listeners for one that is to be called only once."""

    __slots__ = ("listener",)

    def __init__(self, listener: Callable[..., Any]) -> None:
        self.listener = listener


class EventEmitter:
    """Calls listeners when an event happens.

    Node's documentation of the class: https://nodejs.org/api/events.html#class-eventemitter

    >>> emitter = EventEmitter()
    >>> emitter.on("created", lambda name: print("created", name)) is emitter
    True
    >>> emitter.emit("created", "my-db")
    created my-db
    True
    """

    def __init__(self) -> None:
        self._listeners: dict[str, list[Callable[..., Any] | _Once]] = {}
        self._max_listeners = DEFAULT_MAX_LISTENERS
        # Guards the lists only; listeners run outside of it.
        self._listeners_lock = threading.Lock()

    def addListener(self: Emitter, event: str, listener: Callable[..., Any]) -> Emitter:
        """Add a listener to the end of the list of listeners of the event. Returns the emitter."""
        return self._add(event, listener, listener)

    def add_listener(self: Emitter, event: str, listener: Callable[..., Any]) -> Emitter:
        """Alias of `addListener`."""
        return self._add(event, listener, listener)

    def on(self: Emitter, event: str, listener: Callable[..., Any]) -> Emitter:
        """Alias of `addListener`."""
        return self._add(event, listener, listener)

    def once(self: Emitter, event: str, listener: Callable[..., Any]) -> Emitter:
        """Add a listener for the next time that the event happens only."""
        return self._add(event, listener, _Once(listener))

    def removeListener(self: Emitter, event: str, listener: Callable[..., Any]) -> Emitter:
        """Remove a listener of the event; of one that was added twice, the one added last."""
        with self._listeners_lock:
            entries = self._listeners.get(event, [])
            for index in range(len(entries) - 1, -1, -1):
                if _function(entries[index]) == listener:
                    del entries[index]
                    break
        return self

    def remove_listener(self: Emitter, event: str, listener: Callable[..., Any]) -> Emitter:
        """Alias of `removeListener`."""
        return self.removeListener(event, listener)

    def removeAllListeners(self: Emitter, event: str | None = None) -> Emitter:
        """Remove all listeners, or those of the event."""
        with self._listeners_lock:
            if event is None:
                self._listeners.clear()
            else:
                self._listeners.pop(event, None)
        return self

    def remove_all_listeners(self: Emitter, event: str | None = None) -> Emitter:
        """Alias of `removeAllListeners`."""
        return self.removeAllListeners(event)

    def listeners(self, event: str) -> list[Callable[..., Any]]:
        """The listeners of the event, in the order in which they are called."""
        with self._listeners_lock:
            return [_function(entry) for entry in self._listeners.get(event, [])]

    def emit(self, event: str, *args: Any) -> bool:
        """Call the listeners of the event, in order, with the arguments.

        Returns True if there were any. An exception in a listener comes out of this call, and the
        listeners after it are not called.
        """
        taken = self._take(event)
        for listener in taken:
            listener(*args)
        return bool(taken)

    def setMaxListeners(self: Emitter, n: int) -> Emitter:
        """Set how many listeners an event may have before a warning is given; 0 for any number.

        More than 10 for one event is often a leak, so that is where the warning begins.
        """
        self._max_listeners = n
        return self

    def set_max_listeners(self: Emitter, n: int) -> Emitter:
        """Alias of `setMaxListeners`."""
        return self.setMaxListeners(n)

    def _add(
        self: Emitter, event: str, listener: Callable[..., Any], entry: Callable[..., Any] | _Once
    ) -> Emitter:
        if not callable(listener):
            raise TypeError(f"a listener of {event!r} must be callable; {listener!r} is not")
        with self._listeners_lock:
            entries = self._listeners.setdefault(event, [])
            entries.append(entry)
            # As Node does: once, when the limit is first passed.
            excess = len(entries) == self._max_listeners + 1 and self._max_listeners > 0
        if excess:
            self._warn_about_listeners(event)
        return self

    def _take(self, event: str) -> list[Callable[..., Any]]:
        """The listeners to call now; those that were for once are removed."""
        with self._listeners_lock:
            entries = self._listeners.get(event)
            if not entries:
                return []
            self._listeners[event] = [e for e in entries if not isinstance(e, _Once)]
            return [_function(entry) for entry in entries]

    def _warn_about_listeners(self, event: str) -> None:
        import warnings

        warnings.warn(
            f"possible leak: {self._max_listeners + 1} listeners of {event!r} were added to "
            f"{self!r}; setMaxListeners() raises the limit",
            RuntimeWarning,
            stacklevel=4,
        )


def _function(entry: Callable[..., Any] | _Once) -> Callable[..., Any]:
    return entry.listener if isinstance(entry, _Once) else entry
