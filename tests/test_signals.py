"""Signal handlers that use the environment in the middle of the call that they interrupt."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.programs import run, running

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="this system has no timers that send signals"
)

SETUP = """
    import itertools, os, signal, sys
    import pouchdb
    env = pouchdb.setup()
    db = env.PouchDB("test")
"""


def test_a_signal_handler_may_make_calls(tmp_path: Path) -> None:
    ended = run(
        f"""{SETUP}
    signals, written, refused = itertools.count(), [], []
    more = iter([True] * 200)
    def handler(*_):
        id_ = f"from the handler {{next(signals)}}"
        try:
            db.put({{"_id": id_}})
            written.append(id_)
            assert db.get(id_)["_id"] == id_
        except pouchdb.ReentrantCallError:
            refused.append(id_)  # it has interrupted a host function
        signal.setitimer(signal.ITIMER_REAL, 0.002 if next(more, False) else 0)
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.002)
    own = 0
    while len(written) + len(refused) < 201:
        db.put({{"_id": str(own)}})
        assert db.get(str(own))["_id"] == str(own)
        own += 1
    assert len(written) > 10, (len(written), len(refused))
    assert len(db) == own + len(written), (len(db), own, len(written))
    env.close()
    """,
        temporary=tmp_path,
    )
    assert (ended.code, ended.out, ended.err) == (0, "", "")


@pytest.mark.parametrize("ending", ["env.close(); sys.exit(7)", "env.close(); os._exit(7)"])
@pytest.mark.parametrize("call", ["db.post({})", "db.allDocs()", "env.context.evalJs('for (;;);')"])
def test_a_signal_handler_may_close_the_environment(ending: str, call: str, tmp_path: Path) -> None:
    source = f"""{SETUP}
    def handler(*_):
        {ending}
    signal.signal(signal.SIGTERM, handler)
    print("ready", flush=True)
    while True:
        {call}
    """
    with running(source, temporary=tmp_path) as program:
        assert program.line() == "ready"
        os.kill(program.process.pid, signal.SIGTERM)
        ended = program.finish()
    assert (ended.code, ended.out, ended.err) == (7, "", "")
