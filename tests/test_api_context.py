"""``env.context``: JavaScript code, and what comes back from it."""

from __future__ import annotations

import gc
import threading
import time
from typing import Any

import pytest

import pouchdb


@pytest.fixture
def context(env: pouchdb.SyncEnvironment) -> Any:
    return env.context


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return 1 + 1", 2),
        ("return {a: [1, {b: 'é\\u0000'}], c: null}", {"a": [1, {"b": "é\0"}], "c": None}),
        ("", None),
        ("return undefined", None),
        ("return '\\ud800'", "\ud800"),
        ("return [NaN, Infinity, -Infinity].map(n => n + 1 > 0)", [False, True, False]),
        ("return Infinity", float("inf")),
    ],
)
def test_json_values_come_back(context: Any, body: str, expected: Any) -> None:
    assert context.evalJs(body) == expected
    assert context.eval_js(body) == expected


def test_objects_have_attributes(context: Any) -> None:
    assert context.evalJs("return {a: {b: 1}}").a.b == 1


def test_it_runs_where_pouchdb_runs(env: pouchdb.SyncEnvironment, context: Any) -> None:
    env["a"].put({"_id": "x", "n": 1})
    promise = context.evalJs("return new PouchDB('a').get('x')")
    assert promise.wait().n == 1
    assert context.evalJs("return PouchDB.version") == env.POUCHDB_VERSION


def test_blobs_come_back_as_bytes_with_a_type(context: Any) -> None:
    blob = context.evalJs("return new Blob(['h\\u00e9'], {type: 'text/plain'})")
    assert isinstance(blob, pouchdb.Blob)
    assert (blob, blob.type) == ("hé".encode(), "text/plain")


def test_what_is_thrown_is_a_js_error(context: Any) -> None:
    assert context.JSError is pouchdb.JSError
    with pytest.raises(context.JSError) as caught:
        context.evalJs("function f() { throw new RangeError('too far'); }\nf()", "mine.js")
    assert (caught.value.name, caught.value.message) == ("RangeError", "too far")
    assert (caught.value.stack or "").startswith("RangeError: too far\n    at f (mine.js:")
    with pytest.raises(pouchdb.JSError) as caught:
        context.evalJs("throw {code: 7}")
    assert caught.value["code"] == 7
    with pytest.raises(pouchdb.JSError, match="has thrown 'text'"):
        context.evalJs("throw 'text'")


def test_what_is_no_javascript_is_a_js_error(context: Any) -> None:
    with pytest.raises(pouchdb.JSError, match="SyntaxError"):
        context.evalJs("return return")
    with pytest.raises(TypeError, match="takes JavaScript code as a str, not int"):
        context.evalJs(5)


@pytest.mark.parametrize(
    "body", ["const a = []; a.push(a); return a", "const o = {}; o.o = {o}; return o"]
)
def test_what_cannot_come_back_is_a_js_error(context: Any, body: str) -> None:
    with pytest.raises(pouchdb.JSError, match="refers back to an object around it"):
        context.evalJs(body)


def test_pouchdbs_errors_are_js_errors_here(context: Any) -> None:
    promise = context.evalJs("return new PouchDB('a').get('x')")
    with pytest.raises(pouchdb.JSError) as caught:
        promise.wait()
    assert (caught.value["status"], caught.value.name) == (404, "not_found")


# ---------------------------------------------------------------- functions


def test_functions_can_be_called(context: Any) -> None:
    add = context.evalJs("return function add(a, b) { return a + b; }")
    assert isinstance(add, pouchdb.JSFunction)
    assert add(1, 2) == 3
    assert add("a", "b") == "ab"
    assert repr(add) == "<pouchdb.JSFunction add>"
    assert add.__name__ == "add"


def test_functions_keep_their_state(context: Any) -> None:
    count, _ = context.evalJs("let n = 0; return [() => ++n, {deep: [() => n]}]")
    assert [count(), count()] == [1, 2]


def test_functions_take_and_give_bytes(context: Any) -> None:
    echo = context.evalJs("return (blob) => [blob.size, blob.type, blob]")
    data = pouchdb.Blob(b"\0\xff" * 10, "image/png")
    assert echo(data) == [20, "image/png", data]
    assert echo([data, {"x": b"a"}])[2][1]["x"] == b"a"


def test_what_a_function_throws_is_a_js_error(context: Any) -> None:
    fail = context.evalJs("return (text) => { throw new Error(text); }")
    with pytest.raises(pouchdb.JSError, match="Error: no good"):
        fail("no good")


def test_bad_arguments_are_named(context: Any) -> None:
    echo = context.evalJs("return x => x")
    with pytest.raises(pouchdb.BadInputError, match=r"^args\[0\]\.a: a set cannot be stored"):
        echo({"a": {1}})


def test_functions_that_nobody_holds_are_released(context: Any) -> None:
    echo = context.evalJs("return x => x")
    for number in range(100):
        assert context.evalJs("return n => n * 2")(number) == number * 2
    gc.collect()
    assert echo(1) == 1
    assert echo._references._dropped == []


def test_a_function_keeps_its_environment_and_its_timeout() -> None:
    loop = pouchdb.setup(timeout=0.2).context.evalJs("return (ms) => { while (ms < 0) {} }")
    gc.collect()
    assert loop(1) is None
    with pytest.raises(pouchdb.TimeoutError):
        loop(-1)


def test_a_function_of_a_closed_environment_says_so(
    env: pouchdb.SyncEnvironment, context: Any
) -> None:
    echo = context.evalJs("return x => x")
    env.close()
    with pytest.raises(pouchdb.ClosedError):
        echo(1)


# ---------------------------------------------------------------- promises


def test_promises_can_be_waited_for(context: Any) -> None:
    promise = context.evalJs("return new Promise(done => setTimeout(() => done({n: 1}), 20))")
    assert isinstance(promise, pouchdb.Promise)
    assert not promise.done
    assert repr(promise) == "<pouchdb.Promise pending>"
    assert promise.wait(10).n == 1
    assert promise.wait().n == 1
    assert promise.done
    assert repr(promise) == "<pouchdb.Promise fulfilled with {'n': 1}>"


def test_a_rejection_is_raised(context: Any) -> None:
    promise = context.evalJs("return Promise.reject(new TypeError('no'))")
    for _ in range(2):
        with pytest.raises(pouchdb.JSError, match="TypeError: no"):
            promise.wait()
    assert repr(promise).startswith("<pouchdb.Promise rejected with JSError(")


def test_waiting_has_an_end(context: Any) -> None:
    promise = context.evalJs("return new Promise(done => { globalThis.finish = done; })")
    with pytest.raises(pouchdb.TimeoutError, match=r"not settled in 0\.05 seconds"):
        promise.wait(0.05)
    context.evalJs("finish(5)")
    assert promise.wait(10) == 5


def test_then_is_a_chain(context: Any) -> None:
    promise = context.evalJs("return Promise.resolve(1)")
    threads: list[str] = []

    def double(value: int) -> int:
        threads.append(threading.current_thread().name)
        return value * 2

    assert promise.then(double).then(double).then(None).wait(10) == 4
    assert threads == ["pouchdb-callbacks"] * 2
    late = promise.then(lambda value: context.evalJs(f"return Promise.resolve({value} + 10)"))
    assert late.wait(10) == 11


def test_catch_and_finally(context: Any) -> None:
    seen: list[Any] = []
    promise = context.evalJs("return Promise.reject(new Error('no'))")
    caught = promise.then(seen.append).catch(lambda error: error.message)
    assert caught.wait(10) == "no"
    after = promise.finally_(lambda: seen.append("end"))
    with pytest.raises(pouchdb.JSError):
        after.wait(10)
    assert caught.finally_(lambda: seen.append("end")).wait(10) == "no"
    assert seen == ["end", "end"]


def test_an_exception_in_then_is_the_outcome(context: Any) -> None:
    promise = context.evalJs("return Promise.resolve(0)")
    failed = promise.then(lambda value: 1 / value)
    with pytest.raises(ZeroDivisionError):
        failed.wait(10)
    assert failed.then(None, lambda error: type(error)).wait(10) is ZeroDivisionError


def test_an_exception_that_nobody_asks_for_is_reported(
    env: pouchdb.SyncEnvironment, context: Any, caplog: pytest.LogCaptureFixture
) -> None:
    reported: list[Exception] = []
    env.on("error", reported.append)
    context.evalJs("return Promise.resolve(0)").then(lambda value: 1 / value)
    deadline = time.monotonic() + 10
    while not reported and time.monotonic() < deadline:
        gc.collect()
        time.sleep(0.01)
    assert [type(error) for error in reported] == [ZeroDivisionError]
    assert "a callback has failed" in caplog.text


def test_inspect_tells_what_there_is(env: pouchdb.SyncEnvironment) -> None:
    db = env["a"]
    found = env.context.inspect()
    assert found["pouchdb"] == "9.0.0"
    assert found["databases"] == ["a"]
    assert found["open"] == [db.name]
    assert found["heap"]
