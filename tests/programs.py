"""Runs small Python programs in processes of their own, for what cannot happen in the test's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Far more than any of them takes: only a program that hangs meets it.
TIME_LIMIT = 60.0


@dataclass
class Ended:
    """How a program ended, and what it had printed that was not read before."""

    code: int
    out: str
    err: str


class Program:
    """A running program, that a test talks to by lines."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def tell(self, line: str) -> None:
        """Write a line to its standard input."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def finish(self) -> Ended:
        """Wait for its end. A program that does not end fails the test."""
        try:
            out, err = self.process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            self.process.kill()
            out, err = self.process.communicate()
            raise AssertionError(f"still running after {TIME_LIMIT} s: {out}{err}") from None
        return Ended(self.process.returncode, out, err)


@contextmanager
def running(source: str, *arguments: object, temporary: Path | None = None) -> Iterator[Program]:
    """Start a program; its temporary files go to `temporary`. It is killed if it still runs."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    if temporary is not None:
        environment.update(TMPDIR=str(temporary), TEMP=str(temporary), TMP=str(temporary))
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", textwrap.dedent(source), *map(str, arguments)],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=_default_interrupts if os.name == "posix" else None,
    )
    try:
        yield Program(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _default_interrupts() -> None:
    """A background job of a shell ignores Ctrl-C; these programs must not."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run(source: str, *arguments: object, temporary: Path | None = None) -> Ended:
    """Start a program and wait for its end."""
    with running(source, *arguments, temporary=temporary) as program:
        return program.finish()
