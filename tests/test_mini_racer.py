"""mini-racer underneath: a program may use it by itself too; another version is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.programs import run

OURS = """
    import pouchdb
    with pouchdb.setup() as env:
        assert env["x"].put({"_id": "a"}).ok
"""
THEIRS = """
    import py_mini_racer
    assert py_mini_racer.MiniRacer().eval("1 + 1") == 2
"""


@pytest.mark.parametrize("order", [(OURS, THEIRS, OURS), (THEIRS, OURS, THEIRS)])
def test_a_program_may_use_mini_racer_by_itself(order: tuple[str, ...], tmp_path: Path) -> None:
    ended = run("".join(order), temporary=tmp_path)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_a_mini_racer_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    package = tmp_path / "site" / "py_mini_racer"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "__about__.py").write_text('__version__ = "0.99.0"\n')
    source = f"""
        import sys
        sys.path.insert(0, {str(package.parent)!r})
        import pouchdb
        try:
            pouchdb.setup()
        except pouchdb.EnvironmentError as error:
            print(error)
    """
    ended = run(source, temporary=tmp_path)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("mini-racer 0.99.0 is installed, but this version of pouchdb ")
    assert "pip install 'mini-racer==0.14.*'" in ended.out
