"""What the README tells the reader to do: its examples, its two commands, its map of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.markdown_examples import ROOT, code_blocks, run_page

README = ROOT / "README.md"


def shell_commands() -> list[str]:
    return [block.code.strip() for block in code_blocks(README) if block.language == "sh"]


def copy_of_the_tree(target: Path) -> Path:
    """The sources without what tools leave behind, as a fresh checkout has them."""
    leftovers = shutil.ignore_patterns(
        ".git", ".*_cache", ".hypothesis", ".tox", ".venv*", "__pycache__", "node_modules"
    )
    shutil.copytree(ROOT, target, ignore=leftovers)
    return target


def test_the_python_examples_run_as_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_page(README) > 5


def test_there_are_two_commands_one_for_the_main_job_one_for_the_tests() -> None:
    main_job, tests = shell_commands()
    assert main_job.endswith("examples/unicode_db.py")
    assert tests.endswith("tox")
    assert "\n" not in main_job + tests


def test_continuous_integration_runs_the_command_for_the_tests() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == shell_commands()[1]


def test_everything_in_the_map_of_the_tree_exists() -> None:
    text = README.read_text(encoding="utf-8")
    named = re.findall(r"^\| \[`([^`]+)`\]", text, re.M)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the command is written for a POSIX shell")
def test_the_first_command_does_the_main_job_from_a_bare_checkout(tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path / "checkout")
    # Neither the packages nor the interpreter settings of this test run may help.
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "TOX", "PYTEST"))
    }
    done = subprocess.run(
        ["sh", "-c", shell_commands()[0]],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
