"""A program ends at once, whatever it was doing: with its own exit code, and without noise."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest

from tests.programs import run, running

SETUP = """
    import atexit, os, signal, sys, threading, time
    import pouchdb
    env = pouchdb.setup()
    db = env.PouchDB("test")
    db.put({"_id": "a"})
    def forever():
        env.context.evalJs("while (true) {}")
"""

# name -> what the program does after SETUP, its exit code
QUIET = {
    "it closes its environment": ("env.close()", 0),
    "it closes its environment twice": ("env.close(); env.close()", 0),
    "it never closes its environment": ("pass", 0),
    "it drops its environment": ("del env, db, forever", 0),
    "it keeps two environments": ("other = pouchdb.setup(); other['x'].put({'_id': 'b'})", 0),
    "timers are pending": ("env.context.evalJs('setInterval(() => {}, 5)')", 0),
    "a long timer is pending": ("env.context.evalJs('setTimeout(() => {}, 1e8)')", 0),
    "a promise never settles": ("env.context.evalJs('return new Promise(() => {})')", 0),
    "microtasks never end": (
        "env.context.evalJs('const f = () => Promise.resolve().then(f); f()')",
        0,
    ),
    "a daemon thread is in a call": (
        "threading.Thread(target=forever, daemon=True).start(); time.sleep(0.5)",
        0,
    ),
    "a daemon thread is making calls": (
        "threading.Thread(target=lambda: [db.post({}) for _ in iter(int, 1)], daemon=True).start();"
        " time.sleep(0.3)",
        0,
    ),
    "a thread is making its last calls": (
        "threading.Thread(target=lambda: [db.post({}) for _ in range(300)]).start()",
        0,
    ),
    "sys.exit is called": ("sys.exit(3)", 3),
    "sys.exit is called in a thread": (
        "t = threading.Thread(target=lambda: (db.get('a'), sys.exit(5))); t.start(); t.join()",
        0,
    ),
    "a function of its own runs at exit": ("atexit.register(lambda: db.get('a'))", 0),
    "a cycle holds the environment": ("cycle = [env]; cycle.append(cycle); del env, cycle", 0),
    "a module global holds a document": ("sys.modules['sys'].kept = db.get('a')", 0),
}


@pytest.mark.parametrize("state", QUIET)
def test_it_ends_quietly_when(state: str, tmp_path: Path) -> None:
    statements, code = QUIET[state]
    ended = run(f"{SETUP}\n    {statements}\n", temporary=tmp_path)
    assert (ended.code, ended.out, ended.err) == (code, "", "")
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_its_exception(tmp_path: Path) -> None:
    ended = run(f"{SETUP}\n    db.get('missing')\n", temporary=tmp_path)
    assert ended.code == 1
    assert ended.err.startswith("Traceback (most recent call last):\n")
    last = ended.err.rstrip("\n").splitlines()[-1]
    assert last.startswith("pouchdb.errors.NotFoundError: 404 not_found: missing")
    assert ended.err.count("Traceback") == 1
    assert list(tmp_path.iterdir()) == []


def test_it_ends_with_the_exception_while_javascript_loops(tmp_path: Path) -> None:
    ended = run(
        f"""{SETUP}
    threading.Thread(target=forever, daemon=True).start()
    time.sleep(0.5)
    raise RuntimeError("main thread")
""",
        temporary=tmp_path,
    )
    assert ended.code == 1
    assert ended.err.splitlines()[-1] == "RuntimeError: main thread"
    assert ended.err.count("Traceback") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("doing", ["pass", "threading.Thread(target=forever).start()"])
def test_os_exit_ends_it_at_once(doing: str, tmp_path: Path) -> None:
    # os._exit skips all cleaning up, so the temporary folder stays
    ended = run(f"{SETUP}\n    {doing}; time.sleep(0.3); os._exit(4)\n", temporary=tmp_path)
    assert (ended.code, ended.out, ended.err) == (4, "", "")


def test_a_call_after_the_end_of_the_main_thread_is_answered(tmp_path: Path) -> None:
    ended = run(
        f"""{SETUP}
    def late():
        time.sleep(0.5)
        print(db.get("a")["_id"])
    threading.Thread(target=late).start()
""",
        temporary=tmp_path,
    )
    assert (ended.code, ended.out, ended.err) == (0, "a\n", "")
    assert list(tmp_path.iterdir()) == []


posix_signals = pytest.mark.skipif(
    os.name != "posix", reason="Windows has no way to send Ctrl-C to one process alone"
)


@posix_signals
@pytest.mark.parametrize(
    "call",
    [
        "env.context.evalJs('while (true) {}')",
        "env.context.evalJs('return new Promise(() => {})').wait()",
        "[db.put({'_id': f'{attempt} {n}', 'x': 'y' * 300}) for n in range(10**9)]",
        "[db.bulkDocs([{'x': 'y' * 300}] * 2000) for n in range(10**9)]",
        "[db.allDocs(include_docs=True) for n in range(10**9)]",
    ],
)
def test_ctrl_c_interrupts_a_call_and_the_environment_stays_usable(
    call: str, tmp_path: Path
) -> None:
    source = f"""{SETUP}
    print("ready", flush=True)
    for attempt in range(3):
        try:
            {call}
        except KeyboardInterrupt:
            print("interrupted", db.get("a")["_id"], flush=True)
        count = len(db)
        db.put({{"_id": f"after-{{attempt}}"}})
        assert len(db) == count + 1
    env.close()
"""
    with running(source, temporary=tmp_path) as program:
        assert program.line() == "ready"
        for _ in range(3):
            # let it get into the call; it may also be hit anywhere else in the loop
            time.sleep(0.4)
            program.process.send_signal(signal.SIGINT)
            assert program.line() == "interrupted a"
        ended = program.finish()
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@posix_signals
@pytest.mark.parametrize("call", ["forever()", "db.put({'_id': 'b'}); time.sleep(60)"])
def test_ctrl_c_ends_a_program_that_does_not_catch_it(call: str, tmp_path: Path) -> None:
    source = f"{SETUP}\n    print('ready', flush=True)\n    {call}\n"
    with running(source, temporary=tmp_path) as program:
        assert program.line() == "ready"
        time.sleep(0.4)
        program.process.send_signal(signal.SIGINT)
        ended = program.finish()
    assert ended.code == -signal.SIGINT
    assert re.search(r"\nKeyboardInterrupt(: .*)?\n$", ended.err)
    assert "Exception ignored" not in ended.err
    assert list(tmp_path.iterdir()) == []


@posix_signals
def test_sigterm_ends_a_program_as_any_other() -> None:
    with running(f"{SETUP}\n    print('ready', flush=True)\n    forever()\n") as program:
        assert program.line() == "ready"
        program.process.send_signal(signal.SIGTERM)
        ended = program.finish()
    assert (ended.code, ended.err) == (-signal.SIGTERM, "")


def test_a_folder_that_was_given_stays(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    ended = run("import sys, pouchdb; pouchdb.setup(sys.argv[1])['x'].put({'_id': 'a'})", folder)
    assert (ended.code, ended.err) == (0, "")
    assert folder.is_dir()
    assert list(folder.iterdir()) != []
