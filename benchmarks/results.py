"""Medians, ratios, and where they are kept."""

from __future__ import annotations

import datetime
import os
import platform
import re
import statistics
import subprocess
from pathlib import Path

from benchmarks.rounds import Rows
from benchmarks.workload import Sizes, average_bytes
from tests.oracle.process import node_command

FILE = Path(__file__).parent / "RESULTS.md"
START, END = "<!-- results -->", "<!-- end of results -->"


def medians(found: dict[str, Rows]) -> dict[str, dict[str, float]]:
    """Contestant -> row -> median."""
    return {
        name: {row: statistics.median(values) for row, values in rows.items()}
        for name, rows in found.items()
    }


def ratio(row: str, ours: float, other: float) -> float:
    """How many times better ours is; in rows of seconds less is better."""
    return other / ours if row.endswith("seconds") else ours / other


def table(values: dict[str, dict[str, float]]) -> str:
    """A Markdown table: a line a row, ours first, then each peer with our ratio to it."""
    ours, *peers = values
    titles = ["row, per second", ours]
    for peer in peers:
        titles += [peer, f"times {peer.removeprefix('Node ')}"]
    lines = [titles, ["---", *["---:"] * (len(titles) - 1)]]
    for row, value in values[ours].items():
        line = [row, _number(value)]
        for peer in peers:
            other = values[peer][row]
            line += [_number(other), f"{ratio(row, value, other):.2f}"]
        lines.append(line)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def circumstances(rounds: int, sizes: Sizes, command: str) -> str:
    """The machine, the date, the versions and the command."""
    machine = platform.machine()
    facts = [
        f"date: {datetime.date.today().isoformat()}",
        f"machine: {_processor()}, {os.cpu_count()} cores, {platform.system()} {machine}",
        f"versions: Python {platform.python_version()}, Node {node_version()}, PouchDB 9.0.0",
        f"command: `{command}` ({rounds} rounds by turns, medians)",
        f"documents of {average_bytes(sizes):.0f} bytes, {sizes.singles:,} single operations, "
        f"{sizes.bulk:,} in bulk",
    ]
    return "\n".join(f"- {fact}" for fact in facts)


def node_version() -> str:
    """Node's version, as 20.1.0."""
    command = [node_command(), "--version"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip(" v\n")


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    found = re.search(r"^model name\s*: (.*)$", text, re.M)
    return found[1] if found else platform.machine()


def write(section: str) -> None:
    """Put the section into RESULTS.md, in the place of the last one."""
    text = FILE.read_text(encoding="utf-8")
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    FILE.write_text(f"{before}{START}\n{section}\n{END}{after}", encoding="utf-8")
