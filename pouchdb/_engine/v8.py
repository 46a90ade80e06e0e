"""V8 through mini-racer's C interface: the only module that knows mini-racer.

The public ``MiniRacer`` class is not used, because a call of a Python function through it
is slow (several changes of threads, and object handles). The C interface underneath
gives what the bridge needs: evaluate, call a function, and a raw callback that runs
synchronously on V8's thread.

Threading contract
    Every isolate has one thread, V8's. ``start`` only queues a task there; ``on_outcome`` then
    runs **on V8's thread** with what became of it. ``on_host_call`` also runs there, while
    JavaScript waits. Inside these two only methods that do not wait may be called, such as
    ``start``: V8 would wait for itself. ``evaluate`` waits for the outcome and is for start-up.

Memory contract
    Values handed out by the library are freed here, after their content was copied.
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import json
import os
import sys
import threading
from collections.abc import Callable

from pouchdb import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Final

#: The series of mini-racer whose C interface this module speaks.
SUPPORTED_SERIES: Final = "0.14."

_INSTALL: Final = f"pip install 'mini-racer=={SUPPORTED_SERIES}*'"
_LIBRARY_FILE: Final = {"win32": "mini_racer.dll", "darwin": "libmini_racer.dylib"}.get(
    sys.platform, "libmini_racer.so"
)

#: V8's own ceiling for one isolate's heap, in MiB. Reaching it aborts the process, so the memory
#: limit of an isolate, whose end is an error, stays below it.
_HEAP_CEILING: Final = 4096
_FLAGS: Final = ("--single-threaded", f"--max-old-space-size={_HEAP_CEILING}")
#: How far below V8's ceiling a memory limit has to be, in bytes: what V8 may allocate between two
#: looks at the limit.
_MARGIN: Final = 384 << 20

# Value types of the C interface.
_STRING: Final = 5
_UNDEFINED: Final = 11
_SHARED_BUFFER: Final = 101
_FIRST_EXCEPTION: Final = 200
_TERMINATED: Final = 204

#: Seconds that V8's thread gets for its last task before it is stopped.
_PATIENCE_AT_CLOSE: Final = 0.2

# Callback ids that are not tasks of the bridge.
_EVALUATED: Final = 1
_HOST_CALL: Final = 2
_LEAVING: Final = 3
#: The first callback id that a caller of ``start`` may use.
FIRST_TASK: Final = 16


class _Content(ctypes.Union):
    _fields_ = (("pointer", ctypes.c_void_p), ("integer", ctypes.c_int64))


class _Value(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("value", _Content), ("len", ctypes.c_size_t), ("type", ctypes.c_uint8))


_ValueHandle = ctypes.POINTER(_Value)
_CALLBACK = ctypes.CFUNCTYPE(None, ctypes.c_uint64, _ValueHandle)

_load_lock = threading.Lock()
_library: Any = None


class Outcome:
    """What became of a task: the ``text`` (UTF-8) it returned if it was a string, or an error."""

    __slots__ = ("error", "terminated", "text")

    def __init__(self, kind: int, text: bytes) -> None:
        self.text = text if kind == _STRING else b""
        self.error = text.decode("utf-8", "replace") if kind >= _FIRST_EXCEPTION else None
        self.terminated = kind == _TERMINATED


class Function:
    """A JavaScript function that Python holds for as long as its isolate lives."""

    __slots__ = ("handle",)

    def __init__(self, handle: Any) -> None:
        self.handle = handle


class Isolate:
    """One V8 isolate with its thread."""

    def __init__(
        self,
        on_outcome: Callable[[int, Outcome], None],
        on_host_call: Callable[[], None],
        memory_limit: int,
    ) -> None:
        library = self._library = _load()
        self._on_outcome = on_outcome
        self._on_host_call = on_host_call
        self._evaluated = threading.Semaphore(0)
        self._left = threading.Semaphore(0)
        self._thread_state: int | None = None
        self._evaluation: Any = None
        self._memory_limit = memory_limit
        self._kept: list[Any] = []
        self._callback = _CALLBACK(self._from_v8)
        self._context: int = library.mr_init_context(self._callback)
        self._check_memory_limit(memory_limit)
        library.mr_set_hard_memory_limit(self._context, memory_limit)
        self._undefined = library.mr_alloc_int_val(self._context, 0, _UNDEFINED)
        self._no_arguments = self._evaluate_to_handle(b"[]")

    # ---------------------------------------------------------------- on V8's thread

    def _from_v8(self, callback_id: int, value: Any) -> None:
        if self._thread_state is None:
            # Python would make a state for this thread at each callback and drop it afterwards,
            # which takes longer than most callbacks do. Held once, it stays.
            self._thread_state = ctypes.pythonapi.PyGILState_Ensure()
        if callback_id == _HOST_CALL:
            self._library.mr_free_value(self._context, value)
            self._on_host_call()
        elif callback_id == _EVALUATED:
            self._evaluation = value
            self._evaluated.release()
        elif callback_id == _LEAVING:
            self._library.mr_free_value(self._context, value)
            ctypes.pythonapi.PyGILState_Release(self._thread_state)
            self._left.release()
        else:
            outcome = Outcome(value.contents.type, _content(value))
            self._library.mr_free_value(self._context, value)
            self._on_outcome(callback_id, outcome)

    # ---------------------------------------------------------------- on any other thread

    def start(self, function: Function, task: int, this: bytes | None = None) -> int:
        """Queue ``function`` on V8's thread, with the UTF-8 text ``this`` as its ``this``.

        Returns what ``cancel`` takes. The outcome comes to ``on_outcome(task, …)``.
        """
        library, context = self._library, self._context
        if this is None:
            task_id = library.mr_call_function(
                context, function.handle, self._undefined, self._no_arguments, task
            )
        else:
            value = library.mr_alloc_string_val(context, this, len(this), _STRING)
            task_id = library.mr_call_function(
                context, function.handle, value, self._no_arguments, task
            )
            library.mr_free_value(context, value)
        return int(task_id)

    def cancel(self, task_id: int) -> None:
        """Terminate a task that runs, or keep one that waits from running. Idempotent."""
        self._library.mr_cancel_task(self._context, task_id)

    def evaluate(self, code: bytes) -> None:
        """Run a script. For start-up only: it waits."""
        self._library.mr_free_value(self._context, self._evaluate_to_handle(code))

    def function(self, expression: bytes) -> Function:
        """The function that ``expression`` gives. For start-up only: it waits."""
        handle = self._evaluate_to_handle(expression)
        self._kept.append(handle)
        return Function(handle)

    def shared_memory(self, expression: bytes) -> memoryview:
        """The memory of the SharedArrayBuffer that ``expression`` gives, valid until ``close``."""
        handle = self._evaluate_to_handle(expression)
        self._kept.append(handle)
        content = handle.contents
        if content.type != _SHARED_BUFFER:
            raise errors.EnvironmentError("mini-racer gave no shared memory for the bridge")
        area = (ctypes.c_ubyte * content.len).from_address(content.value.pointer)
        return memoryview(area).cast("B")

    def give_host_callback(self, receiver: Function) -> None:
        """Call ``receiver`` with the raw host callback as ``this``. For start-up only: it waits."""
        library, context = self._library, self._context
        callback = library.mr_make_js_callback(context, _HOST_CALL)
        library.mr_call_function(context, receiver.handle, callback, self._no_arguments, _EVALUATED)
        library.mr_free_value(context, self._evaluation_result())
        self._kept.append(callback)

    def memory_limit_was_reached(self) -> bool:
        """Whether JavaScript was stopped for want of memory since the limit was armed."""
        return bool(self._library.mr_hard_memory_limit_reached(self._context))

    def suspend_memory_limit(self) -> None:
        """Let JavaScript go on after it was stopped for want of memory. On any thread.

        The garbage is still there, and each collection would find the limit exceeded and stop
        JavaScript again; `restore_memory_limit` ends that.
        """
        self._library.mr_set_hard_memory_limit(self._context, self._largest_limit)

    def restore_memory_limit(self) -> None:
        """Collect all garbage, then arm the limit again. Waits for V8's thread."""
        self._library.mr_low_memory_notification(self._context)
        self._library.mr_set_hard_memory_limit(self._context, self._memory_limit)

    def heap_statistics(self) -> str:
        """V8's heap statistics as JSON text. Waits for V8's thread."""
        value = self._library.mr_heap_stats(self._context)
        text = _content(value).decode()
        self._library.mr_free_value(self._context, value)
        return text

    def close(self) -> None:
        """Stop JavaScript wherever it is, join V8's thread, free the isolate.

        Waits for a host call that is under way. No callback comes afterwards, and memory from
        ``shared_memory`` must not be touched any more.
        """
        if self._thread_state is not None:
            # Give the thread's state back, if JavaScript lets its thread come to that; otherwise
            # the state stays allocated, and nothing else.
            self._evaluate_for(_LEAVING)
            self._left.acquire(timeout=_PATIENCE_AT_CLOSE)
        self._library.mr_free_context(self._context)

    # ---------------------------------------------------------------- start-up

    def _check_memory_limit(self, memory_limit: int) -> None:
        largest = json.loads(self.heap_statistics())["heap_size_limit"] - _MARGIN
        self._largest_limit = largest
        if not 16 << 20 <= memory_limit <= largest:
            self.close()
            raise errors.EnvironmentError(
                f"memory_limit is {memory_limit} bytes; expected 16 MiB ({16 << 20}) to "
                f"{largest >> 20} MiB ({largest})"
            )

    def _evaluate_to_handle(self, code: bytes) -> Any:
        self._evaluate_for(_EVALUATED, code)
        return self._evaluation_result()

    def _evaluate_for(self, callback_id: int, code: bytes = b"0") -> None:
        library, context = self._library, self._context
        source = library.mr_alloc_string_val(context, code, len(code), _STRING)
        library.mr_eval(context, source, callback_id)
        library.mr_free_value(context, source)

    def _evaluation_result(self) -> Any:
        self._evaluated.acquire()
        value, self._evaluation = self._evaluation, None
        if value.contents.type >= _FIRST_EXCEPTION:
            text = _content(value).decode("utf-8", "replace")
            self._library.mr_free_value(self._context, value)
            raise errors.EnvironmentError(f"the engine's JavaScript does not start: {text}")
        return value


def _content(value: Any) -> bytes:
    """The bytes of a string or an exception; of other values, none."""
    content = value.contents
    if content.type != _STRING and content.type < _FIRST_EXCEPTION:
        return b""
    return ctypes.string_at(content.value.pointer, content.len)


def _load() -> Any:
    """The library, with V8 started.

    The package itself is not imported: that would import asyncio, which takes longer than
    everything else that a cold start does. Starting V8 again is harmless, so a program may use
    mini-racer by itself as well; whoever comes first decides on V8's flags.
    """
    global _library
    with _load_lock:
        if _library is None:
            folder = _package_folder()
            _check_version(folder)
            try:
                library = ctypes.CDLL(os.path.join(folder, _LIBRARY_FILE))
                _declare(library)
            except (OSError, AttributeError) as error:
                raise errors.EnvironmentError(
                    f"mini-racer's library cannot be used here: {error}; run: {_INSTALL}"
                ) from error
            icu_data = os.path.join(folder, "icudtl.dat")
            library.mr_init_v8(" ".join(_FLAGS).encode(), os.fsencode(icu_data))
            _library = library
        return _library


def forget_parents_threads() -> None:
    """In a child process: a thread of the parent's may have been loading the library."""
    global _load_lock
    _load_lock = threading.Lock()


def _package_folder() -> str:
    # The quick way first; a frozen application has finders of its own.
    spec = importlib.machinery.PathFinder.find_spec("py_mini_racer")
    if spec is None:
        from importlib.util import find_spec

        spec = find_spec("py_mini_racer")
    if spec is None or not spec.submodule_search_locations:
        raise errors.EnvironmentError(f"mini-racer is not installed; run: {_INSTALL}")
    return spec.submodule_search_locations[0]


def _check_version(folder: str) -> None:
    with open(os.path.join(folder, "__about__.py"), encoding="utf-8") as file:
        version = file.read().partition('__version__ = "')[2].partition('"')[0]
    if not version.startswith(SUPPORTED_SERIES):
        raise errors.EnvironmentError(
            f"mini-racer {version or 'of an unknown version'} is installed, but this version of "
            f"pouchdb speaks the C interface of mini-racer {SUPPORTED_SERIES}x; run: {_INSTALL}"
        )


def _declare(library: Any) -> None:
    """Tell ctypes the types of the functions that are used here."""
    context, handle = ctypes.c_uint64, _ValueHandle
    for name, result, *arguments in (
        ("mr_init_v8", None, ctypes.c_char_p, ctypes.c_char_p),
        ("mr_init_context", context, _CALLBACK),
        ("mr_free_context", None, context),
        ("mr_eval", ctypes.c_uint64, context, handle, ctypes.c_uint64),
        ("mr_call_function", ctypes.c_uint64, context, handle, handle, handle, ctypes.c_uint64),
        ("mr_cancel_task", None, context, ctypes.c_uint64),
        ("mr_make_js_callback", handle, context, ctypes.c_uint64),
        ("mr_alloc_int_val", handle, context, ctypes.c_int64, ctypes.c_uint8),
        ("mr_alloc_string_val", handle, context, ctypes.c_char_p, ctypes.c_uint64, ctypes.c_uint8),
        ("mr_free_value", None, context, handle),
        ("mr_heap_stats", handle, context),
        ("mr_low_memory_notification", None, context),
        ("mr_set_hard_memory_limit", None, context, ctypes.c_size_t),
        ("mr_hard_memory_limit_reached", ctypes.c_bool, context),
    ):
        function = getattr(library, name)
        function.restype = result
        function.argtypes = arguments
