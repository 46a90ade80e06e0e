"""The web globals that JavaScript finds in the engine: what only the real V8 can show.

How each of them behaves in detail is compared with Node's in jsbundle/test.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest

import pouchdb

GLOBALS = [
    *("AbortController", "AbortSignal", "Blob", "CustomEvent", "DOMException", "Event"),
    *("EventTarget", "File", "FileReader", "Headers", "PouchDB", "TextDecoder", "TextEncoder"),
    *("URL", "URLSearchParams", "atob", "btoa", "clearImmediate", "clearInterval"),
    *("clearTimeout", "console", "crypto", "fetch", "performance", "queueMicrotask"),
    *("reportError", "self", "setImmediate", "setInterval", "setTimeout", "structuredClone"),
]


def wait_for(promise: Any) -> Any:
    return promise.wait(timeout=30)


def test_the_web_globals_are_there(env: pouchdb.SyncEnvironment) -> None:
    missing = env.context.evalJs(
        f"return {GLOBALS!r}.filter((name) => typeof globalThis[name] === 'undefined')"
    )
    assert missing == []
    assert env.context.evalJs("return self === globalThis") is True


@pytest.mark.parametrize(
    "name", ["process", "window", "document", "require", "Buffer", "__timer_manager", "__engine"]
)
def test_what_belongs_to_other_places_is_undefined(env: pouchdb.SyncEnvironment, name: str) -> None:
    assert env.context.evalJs(f"return typeof {name}") == "undefined"


def test_classes_are_not_enumerable_and_functions_are(env: pouchdb.SyncEnvironment) -> None:
    names = env.context.evalJs("return Object.keys(globalThis)")
    assert "setTimeout" in names
    assert "Blob" not in names


def test_timers_run_in_order(env: pouchdb.SyncEnvironment) -> None:
    promise = env.context.evalJs("""
        const order = [];
        setTimeout(() => order.push('20'), 20);
        for (let i = 0; i < 500; i++) setTimeout((n) => order.push(n), 5, i);
        setTimeout(() => order.push('0'), 0);
        queueMicrotask(() => order.push('micro'));
        return new Promise((resolve) => setTimeout(() => resolve(order), 40));
    """)
    order = wait_for(promise)
    assert order == ["micro", "0", *range(500), "20"]


@pytest.mark.parametrize("call", ["setImmediate(run)", "setTimeout(run, 5)"])
def test_microtasks_run_between_callbacks(env: pouchdb.SyncEnvironment, call: str) -> None:
    promise = env.context.evalJs(f"""
        const order = [];
        return new Promise((resolve) => {{
            for (const name of 'abc') {{
                const run = () => {{
                    order.push(name);
                    Promise.resolve().then(() => {{}}).then(() => order.push(`after ${{name}}`));
                    if (name === 'c') setTimeout(() => resolve(order), 5);
                }};
                {call};
            }}
        }});
    """)
    assert wait_for(promise) == ["a", "after a", "b", "after b", "c", "after c"]


def test_timers_go_on_while_no_call_is_running(env: pouchdb.SyncEnvironment) -> None:
    env.context.evalJs("globalThis.count = 0; globalThis.id = setInterval(() => count++, 5)")
    deadline = time.monotonic() + 30
    time.sleep(0.2)
    while env.context.evalJs("return count") < 5:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    stopped_at = env.context.evalJs("clearInterval(id); return count")
    time.sleep(0.05)
    assert env.context.evalJs("return count") == stopped_at


def test_a_timer_that_throws_is_logged_and_stops_nothing(
    env: pouchdb.SyncEnvironment, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, logger="pouchdb.js"):
        promise = env.context.evalJs("""
            setTimeout(() => { throw new RangeError('in a timer') }, 1);
            return new Promise((resolve) => setTimeout(() => resolve('went on'), 10));
        """)
        assert wait_for(promise) == "went on"
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage().startswith("Uncaught RangeError: in a timer\n")


def test_immediates_do_not_starve_calls_or_timers(env: pouchdb.SyncEnvironment) -> None:
    env.context.evalJs("""
        globalThis.running = true;
        (function again() { if (running) setImmediate(again) })();
        setTimeout(() => { globalThis.timer = true }, 10);
    """)
    deadline = time.monotonic() + 30
    while not env.context.evalJs("return Boolean(globalThis.timer)"):
        assert time.monotonic() < deadline
    env.context.evalJs("running = false")


@pytest.mark.parametrize(
    ("call", "level"),
    [
        ("debug", logging.DEBUG),
        ("log", logging.INFO),
        ("info", logging.INFO),
        ("warn", logging.WARNING),
        ("error", logging.ERROR),
    ],
)
def test_the_console_is_a_logger(
    env: pouchdb.SyncEnvironment, caplog: pytest.LogCaptureFixture, call: str, level: int
) -> None:
    with caplog.at_level(logging.DEBUG, logger="pouchdb.js"):
        env.context.evalJs(f"console.{call}('%s is', 'this', {{ a: [1, 'b'] }}, '\\ud800')")
    [record] = caplog.records
    assert record.levelno == level
    assert record.getMessage() == "this is { a: [ 1, 'b' ] } \ud800"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *(("", ""), ("YQ==", "a"), ("YQ", "a"), (" Y\nQ =\t= ", "a")),
        *(("/+8=", "\xff\xef"), ("YR==", "a")),
    ],
)
def test_atob_is_forgiving(env: pouchdb.SyncEnvironment, text: str, expected: str) -> None:
    assert env.context.evalJs(f"return atob({text!r})") == expected


@pytest.mark.parametrize("text", ["Y", "YQ=", "Y===", "Y*==", "====", "YQ==YQ==", "é", "-_8="])
def test_atob_refuses_what_is_not_base64(env: pouchdb.SyncEnvironment, text: str) -> None:
    name = env.context.evalJs(f"try {{ atob({text!r}) }} catch (error) {{ return error.name }}")
    assert name == "InvalidCharacterError"


def test_random_values_differ(env: pouchdb.SyncEnvironment) -> None:
    uuids = env.context.evalJs("return Array.from({ length: 1000 }, () => crypto.randomUUID())")
    assert len(set(uuids)) == 1000
    sizes = env.context.evalJs("""
        return [0, 1, 1024, 1025, 65536].map((size) => {
            const bytes = crypto.getRandomValues(new Uint8Array(size));
            return new Set(bytes).size;
        })
    """)
    assert sizes[:2] == [0, 1]
    assert sizes[4] == 256


def test_transferred_buffers_are_taken_away(env: pouchdb.SyncEnvironment) -> None:
    assert env.context.evalJs("""
        const buffer = new ArrayBuffer(4);
        const view = new Uint8Array(buffer, 1, 2);
        const copy = structuredClone(view, { transfer: [buffer] });
        return [copy.length, buffer.detached];
    """) == [2, True]


def test_text_of_every_code_point_survives_utf8(env: pouchdb.SyncEnvironment) -> None:
    assert env.context.evalJs("""
        let text = '';
        for (let point = 0; point < 0x110000; point++) {
            if (point < 0xd800 || point > 0xdfff) text += String.fromCodePoint(point);
        }
        const bytes = new TextEncoder().encode(text);
        return [bytes.length, new TextDecoder('utf-8', { fatal: true }).decode(bytes) === text];
    """) == [128 + 1920 * 2 + (0xF800 - 0x800) * 3 + 0x100000 * 4, True]


def test_fetch_rejects_with_a_type_error(env: pouchdb.SyncEnvironment) -> None:
    promise = env.context.evalJs("return fetch('http://127.0.0.1/')")
    with pytest.raises(pouchdb.BaseError, match="no network access"):
        wait_for(promise)


def test_a_blob_from_python_is_read_piece_by_piece(env: pouchdb.SyncEnvironment) -> None:
    piece = env.context.evalJs("return (blob) => blob.slice(2, 6).slice(1, 3).text()")
    assert wait_for(piece(b"0123456789")) == "34"


def test_a_file_reader_reads_a_blob_from_python(env: pouchdb.SyncEnvironment) -> None:
    read = env.context.evalJs("""
        return (blob) => new Promise((resolve) => {
            const reader = new FileReader();
            reader.onload = () => resolve(reader.result);
            reader.readAsDataURL(blob);
        });
    """)
    assert wait_for(read(b"\xff\x00")) == "data:application/octet-stream;base64,/wA="


def test_a_map_function_is_called_with_its_closure(env: pouchdb.SyncEnvironment) -> None:
    rows = wait_for(
        env.context.evalJs("""
        const db = new PouchDB('mapped');
        const factor = 10;
        return db.bulkDocs([{ _id: 'a', n: 1 }, { _id: 'b', n: 2 }])
            .then(() => db.query((doc) => { emit(doc._id, doc.n * factor) }))
            .then((result) => result.rows.map((row) => [row.key, row.value]));
        """)
    )
    assert rows == [["a", 10], ["b", 20]]
    assert env.context.evalJs("return typeof emit") == "undefined"


DESIGN_WITH_TEXT = """
    const text = 'function () { globalThis.wasRun = true; return true }';
    const db = new PouchDB('with text');
    const design = {
        _id: '_design/design', views: { view: { map: text } }, filters: { all: text },
    };
    const refused = (error) => `${error.message} ${error.reason}`;
    return db.bulkDocs([design, { _id: 'x' }]).then(() => %s).catch(refused);
"""


@pytest.mark.parametrize(
    "call",
    [
        "db.query('design/view')",
        "db.changes({ filter: 'design/all' })",
        "db.changes({ filter: '_view', view: 'design/view' })",
    ],
)
def test_function_text_from_a_document_is_not_run(env: pouchdb.SyncEnvironment, call: str) -> None:
    assert "as text" in wait_for(env.context.evalJs(DESIGN_WITH_TEXT % call))
    assert env.context.evalJs("return typeof wasRun") == "undefined"


def test_a_filter_that_a_design_document_lacks_is_missing(env: pouchdb.SyncEnvironment) -> None:
    outcome = wait_for(env.context.evalJs(DESIGN_WITH_TEXT % "db.changes({ filter: 'design/no' })"))
    assert outcome == "missing missing json key: no"
