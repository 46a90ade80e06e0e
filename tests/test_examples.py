"""The programs under examples/ run, and say what they do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
UNICODE_DB = ROOT / "examples" / "unicode_db.py"


def run(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            # a console that cannot show snakes is not what is tested here
            "PYTHONIOENCODING": "utf-8",
            "PYTHONWARNINGS": "error",
        },
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.slow
def test_the_unicode_example_builds_its_database_once_and_finds_it_again(tmp_path: Path) -> None:
    first = run(str(UNICODE_DB), "characters", cwd=tmp_path)
    built = re.search(r"^([\d,]+) documents, update sequence", first, re.M)
    assert built is not None
    documents = int(built[1].replace(",", ""))
    assert documents > 30_000
    assert "U+01F40D is 🐍, SNAKE, in UTF-8 f0 9f 90 8d" in first
    assert "Greek, alpha to omega: α β γ δ ε ζ η θ ι κ λ μ ν ξ ο π ρ ς σ τ υ φ χ ψ ω" in first
    assert "with 1 likes" in first
    assert "A change made from the old revision is refused: Document update conflict" in first
    assert re.search(r"Resolved: ♥ means '.*' to both", first)

    second = run(str(UNICODE_DB), "characters", cwd=tmp_path)
    assert f"The database is there already, with {documents:,} documents." in second
    assert "with 2 likes" in second


def test_the_unicode_example_says_what_it_takes(tmp_path: Path) -> None:
    assert "usage: unicode_db.py" in run(str(UNICODE_DB), "--help", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []
