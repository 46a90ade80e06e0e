"""fork: the child cannot use its parent's environment, is told so, and can set up its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.programs import run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")

FORK = """
    import multiprocessing, os, sys, warnings
    import pouchdb
    # from 3.12 on Python warns of fork in a process with threads; V8's are such
    warnings.simplefilter("ignore", DeprecationWarning)
    folder = sys.argv[1]
    env = pouchdb.setup(folder)
    db = env.PouchDB("test")
    db.put({"_id": "parent"})

    def in_child(work):
        sys.stdout.flush()
        pid = os.fork()
        if pid == 0:
            try:
                work()
            except BaseException as error:
                print(type(error).__name__, error, flush=True)
            sys.stdout.flush()
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        print("child ended with", os.waitstatus_to_exitcode(status))
"""


def program(body: str, folder: Path) -> str:
    ended = run(FORK + body, folder)
    assert (ended.code, ended.err) == (0, "")
    return ended.out


def test_the_child_is_told_that_the_environment_is_its_parents(folder: Path) -> None:
    out = program(
        """
    def use(): db.get("parent")
    def open_another(): env.PouchDB("other")
    def evaluate(): env.context.evalJs("return 1")
    for work in (use, open_another, evaluate):
        in_child(work)
    print(db.get("parent")["_id"])
""",
        folder,
    )
    *children, parent = out.splitlines()
    assert parent == "parent"
    assert children[1::2] == ["child ended with 0"] * 3
    for line in children[::2]:
        assert line.startswith("ForkedError ")
        assert "setup()" in line


def test_the_child_can_set_up_its_own_environment(folder: Path) -> None:
    out = program(
        """
    def own():
        mine = pouchdb.setup(folder)
        mydb = mine.PouchDB("test")
        print("child reads", mydb.get("parent")["_id"])
        mydb.put({"_id": "child"})
        mine.close()
    in_child(own)
    print("parent reads", db.get("child")["_id"])
    db.put({"_id": "later"})
""",
        folder,
    )
    assert out.splitlines() == [
        "child reads parent",
        "child ended with 0",
        "parent reads child",
    ]


def test_a_child_that_ends_the_usual_way_ends_quietly_and_leaves_the_parents_files(
    tmp_path: Path,
) -> None:
    ended = run(
        """
    import os, sys, warnings
    import pouchdb
    warnings.simplefilter("ignore", DeprecationWarning)
    env = pouchdb.setup()
    db = env.PouchDB("test")
    db.put({"_id": "a"})
    pid = os.fork()
    if pid == 0:
        sys.exit(7)  # runs atexit functions, which must not remove the parent's folder
    _, status = os.waitpid(pid, 0)
    print(os.waitstatus_to_exitcode(status), db.get("a")["_id"], db.put({"_id": "b"}).ok)
""",
        temporary=tmp_path,
    )
    assert (ended.code, ended.out, ended.err) == (0, "7 a True\n", "")
    assert list(tmp_path.iterdir()) == []


def test_dropping_the_parents_objects_in_the_child_is_harmless(folder: Path) -> None:
    out = program(
        """
    import gc
    def drop():
        global env, db
        db = env = None
        gc.collect()
        print(pouchdb.setup(folder).PouchDB("test").get("parent")["_id"])
    in_child(drop)
    print(db.get("parent")["_id"])
""",
        folder,
    )
    assert out.splitlines() == ["parent", "child ended with 0", "parent"]


def test_multiprocessing_workers_set_up_their_own(folder: Path) -> None:
    out = program(
        """
    def work(number):
        mine = pouchdb.setup(folder)
        mine.PouchDB("test").put({"_id": f"worker-{number}"})
        mine.close()
        return number
    with multiprocessing.get_context("fork").Pool(2) as pool:
        print(pool.map(work, range(4)))
    print(len(db))
""",
        folder,
    )
    assert out.splitlines() == ["[0, 1, 2, 3]", "5"]
