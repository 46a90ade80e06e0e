"""Runs the contestants by turns, so that a busy moment of the machine hits all of them alike."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import workload
from tests.oracle.process import install, node_command

HERE = Path(__file__).parent
TIME_LIMIT = 600.0
COLD_STARTS_PER_ROUND = 3

COLD_TO_PUT = "cold start to the first put, seconds"
COLD_TO_EXIT = "cold start, one put, exit, seconds"

Rows = dict[str, list[float]]

# pip compiles what it installs; in a checkout, the first run has to be allowed to.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}


def contestants() -> dict[str, Callable[[str, Path, Path], list[str]]]:
    """Name -> the command line for a kind of run, a workload and a folder."""
    node = node_command()
    install()
    peer = str(HERE / "peer.mjs")

    def ours(kind: str, work: Path, folder: Path) -> list[str]:
        return [sys.executable, "-m", "benchmarks.ours", kind, str(work), str(folder)]

    def leveldb(kind: str, work: Path, folder: Path) -> list[str]:
        return [node, peer, kind, "leveldb", str(work), str(folder)]

    def memory(kind: str, work: Path, folder: Path) -> list[str]:
        return [node, peer, kind, "memory", str(work), str(folder)]

    return {"ours": ours, "Node leveldb": leveldb, "Node memory": memory}


def run(rounds: int, sizes: workload.Sizes, progress: Callable[[str], None]) -> dict[str, Rows]:
    """All rounds; for each contestant the values of each row."""
    found: dict[str, Rows] = {}
    commands = contestants()
    with tempfile.TemporaryDirectory(prefix="pouchdb-benchmark-") as scratch:
        work = Path(scratch) / "workload.json"
        workload.write(work, sizes)
        for number in range(rounds):
            for name, command in commands.items():
                progress(f"round {number + 1} of {rounds}: {name}")
                rows = found.setdefault(name, {})
                _measure(command, work, rows)
                _measure_cold_starts(command, work, rows)
    return found


def _measure(command: Callable[[str, Path, Path], list[str]], work: Path, rows: Rows) -> None:
    with _folder() as folder:
        done = subprocess.run(
            command("all", work, folder),
            cwd=HERE.parent,
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            check=True,
            timeout=TIME_LIMIT,
        )
    for row, value in json.loads(done.stdout).items():
        rows.setdefault(row, []).append(value)


def _measure_cold_starts(
    command: Callable[[str, Path, Path], list[str]], work: Path, rows: Rows
) -> None:
    for _ in range(COLD_STARTS_PER_ROUND):
        with _folder() as folder:
            start = time.perf_counter()
            with subprocess.Popen(
                command("cold", work, folder),
                cwd=HERE.parent,
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
            ) as process:
                assert process.stdout is not None
                line = process.stdout.readline()
                to_put = time.perf_counter() - start
                process.wait(timeout=TIME_LIMIT)
                to_exit = time.perf_counter() - start
            if line.strip() != b"put" or process.returncode != 0:
                raise RuntimeError(f"{process.args!r} failed")
        rows.setdefault(COLD_TO_PUT, []).append(to_put)
        rows.setdefault(COLD_TO_EXIT, []).append(to_exit)


@contextmanager
def _folder() -> Iterator[Path]:
    """A fresh folder; what was written before is on the disk before the next one starts."""
    with tempfile.TemporaryDirectory(prefix="pouchdb-benchmark-") as folder:
        yield Path(folder)
    if hasattr(os, "sync"):
        os.sync()
