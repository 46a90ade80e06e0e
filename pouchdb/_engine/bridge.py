"""Calls from Python threads to V8's thread, through shared memory.

The other half is ``jsbundle/src/bridge/channel.js``. A call goes one of two ways:

* **Spinning.** One thread at a time owns the slot. It writes the request there, tells V8's thread
  that it serves (``SERVING``), and looks for the response a short while, answering host calls
  itself meanwhile, so that V8's thread never needs the GIL. Nothing is woken, nothing switches.
* **As a task.** Everybody else (the slot is taken, the request is large, spinning does not pay)
  queues the request as a task of V8's thread and sleeps on a lock of its own. Host calls then run
  on V8's thread, through the raw callback.

A spinner whose answer does not come soon stops serving and sleeps on its lock as well.

Calls may be made from any thread, but not from a host call: that is refused, as V8's thread waits
for the host call to end.

Who stops waiting says so first (``SERVING`` = 0), passes a fence, and looks once more;
``channel.js`` does the same. Each wake-up belongs to one request id.
"""

from __future__ import annotations

import _thread
import itertools
import sys
import threading
from collections.abc import Callable
from time import monotonic, perf_counter_ns, sleep

from pouchdb import errors
from pouchdb._engine import layout, processor
from pouchdb._engine.call import Call
from pouchdb._engine.host_calls import HostCalls
from pouchdb._engine.layout import SharedMemory
from pouchdb._engine.v8 import FIRST_TASK, Isolate, Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from pouchdb._engine.table import HostTable

# Kinds of tasks; a callback id is FIRST_TASK + 4 * call id + kind.
_DELIVER: Final = 0
_FETCH: Final = 1
_KICK: Final = 2
_PING: Final = 3

#: How long a spinner looks for a sign of life of V8's thread before it goes to sleep.
_SPIN_NS: Final = 150_000
#: A call that ends so soon after its spinner gave up would better have been a task at once.
_SHORT_SECONDS: Final = 0.001
#: How long JavaScript looks for the next request before it goes back to its message loop, in
#: turns of its loop; well under a millisecond.
_POLL_BUDGET: Final = 50_000
#: Sleeping threads wake up so often to look whether something is amiss. Short where a lock
#: cannot be interrupted by Ctrl-C.
_LOOK_SECONDS: Final = 0.1 if sys.platform == "win32" else 0.5
#: After some misses so many calls do without spinning, at first; each time twice as many.
_FEWEST_SKIPS: Final = 64
_MOST_SKIPS: Final = 4096

#: Seconds to wait for another thread that closes the bridge.
_LONGEST_CLOSE: Final = 30.0

_LARGEST_ID: Final = 0x7FFF_0000

_REENTRANT: Final = (
    "a call into the engine from inside the engine's own work (such as a logging handler of "
    "'pouchdb.js') could only wait for itself; make it from another thread"
)
_OUT_OF_MEMORY: Final = "JavaScript needed more memory than memory_limit allows"
_NEW_ENVIRONMENT: Final = "make a new environment with setup()"


class Bridge:
    """Requests to JavaScript.

    ``on_closed`` is called once, when the isolate is gone, whoever closed it.
    """

    def __init__(
        self,
        scripts: list[bytes],
        host: HostTable,
        memory_limit: int,
        *,
        spin: bool,
        on_closed: Callable[[], None],
    ) -> None:
        """Start an isolate: run the bundle (the first script), connect to it, run the others."""
        self._fence = processor.no_fence if processor.keeps_order() else processor.full_fence
        self._calls: dict[int, Call] = {}
        self._ids = itertools.count()
        # A signal handler may come back to it on the same thread.
        self._lock = threading.RLock()  # who releases the slot, who closes
        self._slot: dict[int, Call] = {}  # at 0: the call whose request lies in the slot
        self._toucher: Call | None = None  # the call whose thread uses the shared memory now
        self._spin = spin and processor.cores() > 1
        self._misses = 0
        self._skips = 0
        self._next_skips = _FEWEST_SKIPS
        self._closed: errors.BaseError | None = None
        self._exiting = False
        self._freed = threading.Event()
        self._on_closed = on_closed
        self._pongs: dict[int, threading.Event] = {}
        self._isolate = Isolate(self._on_outcome, self._on_host_call, memory_limit)
        try:
            self._start(scripts, host)
        except BaseException:
            self._isolate.close()
            raise

    def _start(self, scripts: list[bytes], host: HostTable) -> None:
        isolate = self._isolate
        isolate.evaluate(scripts[0])
        self._memory = SharedMemory(isolate.shared_memory(b"__engine.memory"))
        self._words = self._memory.words
        self._host_calls = HostCalls(self._memory, host, self._respond, self._fence)
        self._words[layout.BUDGET] = _POLL_BUDGET if self._spin else 0
        self._kick = isolate.function(b"__engine.kick")
        self._deliver = isolate.function(b"__engine.deliver")
        self._fetch = isolate.function(b"__engine.fetch")
        self._ping = isolate.function(b"__engine.ping")
        isolate.give_host_callback(isolate.function(b"__engine.connect"))
        for script in scripts[1:]:
            isolate.evaluate(script)

    # ------------------------------------------------------------------ requests, any thread

    def new_call(self) -> Call:
        """A call with an id of its own; its request has to begin with this id."""
        thread = threading.get_ident()
        if self._closed is not None or self._host_calls.thread == thread:
            self.check_usable()
        if self._is_spinning(thread):
            # A signal handler makes a call while the call that it interrupted spins: from here on
            # JavaScript must not count on that one to serve.
            self._words[layout.SERVING] = 0
            processor.full_fence()
        call_id = 1 + next(self._ids) % _LARGEST_ID
        call = self._calls[call_id] = Call(call_id, thread)
        return call

    def _is_spinning(self, thread: int) -> bool:
        toucher = self._toucher
        return toucher is not None and toucher.thread == thread

    def forget(self, call: Call) -> None:
        """Drop a call whose request was never sent."""
        self._calls.pop(call.id, None)

    @property
    def closed(self) -> errors.BaseError | None:
        """Why calls are refused, if they are."""
        return self._closed

    def check_usable(self) -> None:
        """Raise if a call cannot be made here and now."""
        if self._closed is not None:
            if self._exiting and threading.current_thread() is not threading.main_thread():
                _sleep_for_ever()
            raise self._closed
        if self._host_calls.thread == threading.get_ident():
            raise errors.ReentrantCallError(_REENTRANT)

    def request(self, call: Call, payload: bytes, deadline: float | None) -> None:
        """Send a request the quick way, and wait for its response.

        ``payload`` is UTF-8 JSON, ``deadline`` a reading of ``time.monotonic`` or None. When the
        deadline passes, ``TimeoutError`` is raised; `stop` is then due, as after an interrupt.
        """
        has_spun = False
        try:
            if self._take_slot(call, payload):
                self._spin_for(call)
                has_spun = True
        finally:
            # Loads and stores only: an interrupt could come in with any call.
            if self._toucher is call:
                self._words[layout.SERVING] = 0
                self._toucher = None
        if not has_spun:
            self.send(call, payload)
            self.wait(call, deadline)
        elif call.done:
            self._count_hit()
        else:
            self._wait_after_spinning(call, deadline)

    def _wait_after_spinning(self, call: Call, deadline: float | None) -> None:
        was_taken = not self._owns_slot(call)
        slept = monotonic()
        self.wait(call, deadline)
        if not was_taken:
            self._count_miss(4)
        elif monotonic() - slept < _SHORT_SECONDS:
            self._count_miss(2)

    def send(self, call: Call, payload: bytes) -> None:
        """Queue a request as a task, without waiting for it."""
        call.task_id = self._isolate.start(self._deliver, _callback_id(call.id, _DELIVER), payload)

    def wait(self, call: Call, deadline: float | None) -> None:
        """Sleep until the response is there. Raises TimeoutError when the deadline passes."""
        arrived = call.expect()
        while not call.done:
            if self._closed is not None:
                self.check_usable()
            patience = _LOOK_SECONDS
            if deadline is not None:
                patience = min(patience, deadline - monotonic())
                if patience <= 0:
                    raise errors.TimeoutError("the call did not end in the time it was given")
            if not arrived.acquire(timeout=patience):
                self._look_for_trouble(call)

    # ------------------------------------------------------------------ the slot

    def _take_slot(self, call: Call, payload: bytes) -> bool:
        """Put the request into the slot, if this thread may spin for it."""
        if not self._spin or len(payload) > layout.SLOT_BYTES >> 1:
            return False
        # One operation that also says whose the slot is, should an interrupt follow.
        if self._slot.setdefault(0, call) is not call:
            return False
        self._toucher = call
        if self._closed is not None or self._is_skipped():
            self._release_slot(call)
            return False
        words = self._words
        length = len(payload)
        wide = 0
        if not payload.isascii():
            payload = layout.widen(payload)
            length, wide = len(payload) >> 1, 1
        self._memory.request[: len(payload)] = payload
        words[layout.REQUEST_WIDE] = wide
        words[layout.REQUEST_LENGTH] = length
        return True

    def _is_skipped(self) -> bool:
        if not self._skips:
            return False
        self._skips -= 1
        self._words[layout.BUDGET] = 0  # nor shall JavaScript look for requests
        return True

    def _spin_for(self, call: Call) -> None:
        """Look for the response for a while, serving host calls. The slot is this call's."""
        words = self._words
        host_calls = self._host_calls
        call_id = call.id
        answered = host_calls.answered
        words[layout.BUDGET] = _POLL_BUDGET
        words[layout.SPINNER] = call_id
        words[layout.SERVING] = 1
        self._fence()
        words[layout.REQUEST] = call_id
        if not words[layout.POLLING]:
            self._kick_for(call)
        give_up = perf_counter_ns() + _SPIN_NS
        turns = 0
        response, host_request = layout.RESPONSE, layout.HOST_REQUEST
        while words[response] != call_id:
            if words[host_request] != answered:
                host_calls.serve()
                answered = host_calls.answered
                if call.done or call.pending_flags:
                    break
                give_up = perf_counter_ns() + _SPIN_NS
            turns += 1
            if not turns & 15 and perf_counter_ns() > give_up:
                break
        else:
            self._take_response(call)
            words[layout.CONSUMED] = call_id
        words[layout.SERVING] = 0
        if call.done:
            self._release_slot(call)
        else:
            processor.full_fence()
            self._leave_slot(call)

    def _leave_slot(self, call: Call) -> None:
        """Nobody spins for this call any more, and SERVING is 0: see how far it has come."""
        words = self._words
        if words[layout.RESPONSE] == call.id:
            self._take_response(call)
            words[layout.CONSUMED] = call.id
        if call.done or words[layout.TAKEN] == call.id:
            self._release_slot(call)
        elif words[layout.REQUEST] != call.id:  # interrupted before it was sent
            self.forget(call)
            self._release_slot(call)
        elif not words[layout.POLLING]:
            # JavaScript stopped looking just before the request came. The slot is free again
            # when the call is finished.
            self._kick_for(call)

    def _kick_for(self, call: Call) -> None:
        self._isolate.start(self._kick, _callback_id(call.id, _KICK))

    def _owns_slot(self, call: Call) -> bool:
        return self._slot.get(0) is call

    def _take_response(self, call: Call) -> None:
        """Read the response out of its area, which stays as it is until SERVING changes."""
        self._fence()
        words = self._words
        flags = words[layout.RESPONSE_FLAGS]
        length = words[layout.RESPONSE_LENGTH]
        text: bytes | str
        if flags & layout.WIDE:
            text = layout.read_text(self._memory.response, length, 1)
        else:
            text = bytes(self._memory.response[:length])
        if self._calls.pop(call.id, None) is not None:
            call.text = text
            call.flags = flags >> 1

    def _release_slot(self, call: Call) -> None:
        if self._owns_slot(call):
            with self._lock:
                if self._owns_slot(call):
                    del self._slot[0]

    def _count_hit(self) -> None:
        if self._misses:
            self._misses -= 1
        elif self._next_skips > _FEWEST_SKIPS:
            self._next_skips -= 1

    def _count_miss(self, weight: int) -> None:
        """Count a call that spinning did not bring to its end, though it was not a long one.

        V8's thread has no core to run on, or works on something long for somebody else. After some
        of these, do without spinning for a while.
        """
        self._misses += weight
        if self._misses > 16:
            self._misses = 0
            self._skips = self._next_skips
            self._next_skips = min(_MOST_SKIPS, 2 * self._next_skips)

    # ------------------------------------------------------------------ responses

    def _finish(self, call: Call, flags: int, text: bytes | str) -> None:
        if self._calls.pop(call.id, None) is not None:
            call.text = text
            call.flags = flags
            self._wake(call)

    def _fail(self, call: Call, failure: errors.BaseError) -> None:
        if self._calls.pop(call.id, None) is not None:
            call.failure = failure
            self._wake(call)

    def _wake(self, call: Call) -> None:
        self._release_slot(call)
        if call.arrived is not None:
            call.arrived.release()
        if call.on_done is not None:
            call.on_done(call)

    def _respond(self, op: int, text: str) -> None:
        """A response that comes by a host call: its call's thread does not look at the slot."""
        fields = text.split(",", 2)
        call = self._calls.get(int(fields[0]))
        if call is None:
            return
        if op == layout.OP_RESPONSE_IN_SLOT:
            self._take_response(call)
            self._wake(call)
        elif op == layout.OP_RESPONSE:
            self._finish(call, int(fields[1]), fields[2])
        else:
            # Queueing a task is the one thing that may be done from here: it does not wait.
            call.pending_flags = int(fields[1]) + 1
            self._isolate.start(self._fetch, _callback_id(call.id, _FETCH), fields[0].encode())

    # ------------------------------------------------------------------ on V8's thread

    def _on_host_call(self) -> None:
        """JavaScript waits for an answer and nobody spins."""
        self._host_calls.serve()

    def _on_outcome(self, callback_id: int, outcome: Outcome) -> None:
        """A task has ended. After `close` it was ended by that, which also fails the calls."""
        if self._closed is not None:
            return
        call_id, kind = divmod(callback_id - FIRST_TASK, 4)
        if kind == _PING:
            pong = self._pongs.pop(call_id, None)
            if pong is not None:
                pong.set()
            return
        failure = None if outcome.error is None else self._recover(outcome)
        call = self._calls.get(call_id)
        if call is None:
            return
        if failure is not None:
            self._fail(call, failure)
        elif kind == _FETCH:
            self._finish(call, call.pending_flags - 1, outcome.text)

    def _recover(self, outcome: Outcome) -> errors.BaseError:
        """A task was terminated in its synchronous part: put right what it left; say why."""
        out_of_memory = self._isolate.memory_limit_was_reached()
        if out_of_memory:
            self._isolate.suspend_memory_limit()
            threading.Thread(target=self._isolate.restore_memory_limit, daemon=True).start()
        self._host_calls.abort()
        if out_of_memory:
            return errors.MemoryLimitError(f"{_OUT_OF_MEMORY}; the call was ended")
        if outcome.terminated:
            return errors.TimeoutError("JavaScript did not return in time and was terminated")
        return errors.JSError(outcome.error or "JavaScript was stopped")

    # ------------------------------------------------------------------ trouble, and the end

    def _look_for_trouble(self, call: Call) -> None:
        """Called now and then by who waits long."""
        if self._closed is not None:
            return
        if self._owns_slot(call):  # the request was not taken yet: JavaScript is busy
            self._kick_for(call)
        if self._isolate.memory_limit_was_reached():
            sleep(0.05)  # if it was in a task, the task's outcome is about to say so
            if self._isolate.memory_limit_was_reached():
                self.close(
                    errors.MemoryLimitError(
                        f"{_OUT_OF_MEMORY}, and the engine was stopped; {_NEW_ENVIRONMENT}, with "
                        "a larger memory_limit if the work needs it"
                    )
                )

    def cancel(self, call: Call) -> None:
        """Nobody waits for this call any more. Does not wait either.

        The synchronous part of a task is terminated; a request in the slot is brought on its way.
        """
        if call.task_id:
            self._isolate.cancel(call.task_id)
        elif self._owns_slot(call):
            self._toucher = call
            try:
                if self._closed is None:
                    processor.full_fence()
                    self._leave_slot(call)
            finally:
                self._toucher = None

    def stop(self, call: Call, grace: float) -> bool:
        """Nobody waits for this call any more: end what JavaScript does for it.

        The synchronous part of a task is terminated. If JavaScript does not give its thread back
        within ``grace`` seconds, it loops in a place where V8 cannot end it alone, and the whole
        engine is closed. Returns whether the engine lives on.
        """
        self.cancel(call)
        if self.answers_within(grace):
            return True
        self.close(
            errors.ClosedError(
                f"the engine was stopped because JavaScript did not return; {_NEW_ENVIRONMENT}"
            )
        )
        return False

    def answers_within(self, grace: float) -> bool:
        """Whether V8's thread takes a task within ``grace`` seconds (host calls do not count)."""
        pong = threading.Event()
        ping_id = 1 + next(self._ids) % _LARGEST_ID
        self._pongs[ping_id] = pong
        self._isolate.start(self._ping, _callback_id(ping_id, _PING))
        waited = 0.0
        while not pong.wait(0.05):
            if self._closed is not None:
                return False
            if not self._host_calls.is_busy:
                waited += 0.05
            if waited >= grace:
                return False
        return True

    def refuse(self, reason: errors.BaseError) -> None:
        """Refuse all calls from now on, and touch nothing: for a child process."""
        self._closed = reason

    def close(self, reason: errors.BaseError, *, exiting: bool = False) -> None:
        """Stop JavaScript, fail the calls under way with ``reason``, free the isolate.

        When the interpreter is ``exiting``, the threads that still are in calls are daemons: they
        sleep on, as they would in any other wait, instead of dying with a traceback.

        Waits for a host call that is under way, and for another thread that closes already. From
        a host call or a signal handler in the middle of a call, which this would wait for, the
        rest is done in the background.
        """
        with self._lock:
            is_first = self._closed is None
            if is_first:
                self._exiting = exiting
                self._closed = reason
        thread = threading.get_ident()
        is_inside = self._host_calls.thread == thread or self._is_spinning(thread)
        if is_first and is_inside:
            _thread.start_new_thread(self._free, (reason,))
        elif is_first:
            self._free(reason)
        elif not is_inside:
            self._freed.wait(_LONGEST_CLOSE)

    def _free(self, reason: errors.BaseError) -> None:
        self._host_calls.stop()
        while self._toucher is not None:
            sleep(0.0002)
        self._isolate.close()
        self._on_closed()
        if not self._exiting:
            for call in list(self._calls.values()):
                self._fail(call, reason)
        self._freed.set()

    def heap_statistics(self) -> str:
        """V8's heap statistics as JSON text."""
        self.check_usable()
        return self._isolate.heap_statistics()


def _callback_id(call_id: int, kind: int) -> int:
    return FIRST_TASK + 4 * call_id + kind


def _sleep_for_ever() -> None:
    """End a daemon thread's part in a process that exits."""
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
