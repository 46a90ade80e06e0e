"""Runs small Python programs in processes of their own, for what cannot happen in the test's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Far more than any of them takes: only a program that hangs meets it.
TIME_LIMIT = 60.0


@dataclass
class Ended:
    """How a program ended."""

    code: int
    out: str
    err: str


def start(source: str, *arguments: object, temporary: Path | None = None) -> subprocess.Popen[str]:
    """Start a program; its temporary files go to `temporary`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    if temporary is not None:
        environment.update(TMPDIR=str(temporary), TEMP=str(temporary), TMP=str(temporary))
    return subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(source), *map(str, arguments)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        restore_signals=True,
        preexec_fn=_default_interrupts if os.name == "posix" else None,
    )


def _default_interrupts() -> None:
    """A background job of a shell ignores Ctrl-C; these programs must not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def finish(program: subprocess.Popen[str]) -> Ended:
    """Wait for the end; a program that does not end is killed, and fails the test."""
    try:
        out, err = program.communicate(timeout=TIME_LIMIT)
    except subprocess.TimeoutExpired:
        program.kill()
        out, err = program.communicate()
        raise AssertionError(f"still running after {TIME_LIMIT} s: {out}{err}") from None
    return Ended(program.returncode, out, err)


def run(source: str, *arguments: object, temporary: Path | None = None) -> Ended:
    """Start a program and wait for its end."""
    return finish(start(source, *arguments, temporary=temporary))
