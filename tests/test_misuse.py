"""Uses that could hang or break something shared: each ends at once, and says what is wrong."""

from __future__ import annotations

import copy
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import pouchdb


def outcome(function: Callable[[], Any]) -> Any:
    """What a function gives or raises; fails the test if it does not end."""
    ended: list[Any] = []

    def run() -> None:
        try:
            ended.append(function())
        except BaseException as error:  # it is what the test looks at
            ended.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(20)
    assert ended, "the call hangs"
    return ended[0]


def one(env: pouchdb.SyncEnvironment) -> Any:
    return env.context.evalJs("return Promise.resolve(1)")


def test_a_change_listener_that_exits_ends_neither_the_call_nor_later_ones(
    env: pouchdb.SyncEnvironment,
) -> None:
    db = env["a"]
    db["d"] = {}
    assert outcome(lambda: db.changes(onChange=lambda _: sys.exit(1))).last_seq == 1
    seen: list[Any] = []
    outcome(lambda: db.changes(onChange=seen.append))
    assert [change.id for change in seen] == ["d"]


def test_a_listener_that_exits_does_not_keep_others_from_their_event(
    env: pouchdb.SyncEnvironment,
) -> None:
    seen: list[str] = []
    env.on("created", lambda _: sys.exit(1))
    env.on("created", seen.append)
    outcome(lambda: env["a"])
    assert seen == ["a"]


def test_exiting_in_then_rejects_the_promise(env: pouchdb.SyncEnvironment) -> None:
    promise = one(env).then(lambda _: sys.exit(3))
    assert isinstance(outcome(promise.wait), SystemExit)


def test_a_callback_cannot_wait_for_another_callback(env: pouchdb.SyncEnvironment) -> None:
    waits = one(env).then(lambda _: one(env).then(lambda value: value).wait())
    error = outcome(waits.wait)
    assert isinstance(error, pouchdb.ReentrantCallError)
    assert "return the promise from the callback instead" in str(error)


def test_a_callback_may_wait_for_a_promise_of_javascript(env: pouchdb.SyncEnvironment) -> None:
    assert outcome(one(env).then(lambda _: one(env).wait()).wait) == 1


def test_a_promise_cannot_be_settled_with_itself(env: pouchdb.SyncEnvironment) -> None:
    made = threading.Event()

    def itself(_value: object) -> Any:
        made.wait(20)
        return promise

    promise = one(env).then(itself)
    made.set()
    error = outcome(promise.wait)
    assert isinstance(error, TypeError)
    assert str(error) == "a promise cannot be settled with itself"


def test_what_stands_for_something_shared_cannot_be_copied(env: pouchdb.SyncEnvironment) -> None:
    function = env.context.evalJs("return () => 1")
    db = env["a"]
    for original in (env, db, function, one(env)):
        with pytest.raises(TypeError, match="cannot be copied or pickled"):
            copy.copy(original)
    env["b"].info()
    assert (db.info().doc_count, function()) == (0, 1)


def test_several_threads_may_close_one_database(env: pouchdb.SyncEnvironment) -> None:
    for _ in range(10):
        db = env.PouchDB("a")
        with ThreadPoolExecutor(8) as pool:
            closings = [pool.submit(db.close) for _ in range(8)]
        assert [closing.result(20) for closing in closings] == [None] * 8


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"memory_limit": 1.5e8}, "memory_limit: expected bytes"),
        ({"spin": "yes"}, "spin: expected True, False or None"),
        ({"storage_dir": ""}, "storage_dir: expected a path, not an empty one"),
    ],
)
def test_wrong_options_of_setup_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(pouchdb.BadInputError, match=message):
        pouchdb.setup(**options)
