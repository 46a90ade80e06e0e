"""The code blocks of a Markdown page, and its Python examples as one doctest."""

from __future__ import annotations

import doctest
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

_FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>[^\n`]*)\n(?P<code>.*?)^(?P=fence)$", re.M | re.S
)


class CodeBlock(NamedTuple):
    """One fenced block: its language, its text, and the line its text starts on (from 1)."""

    language: str
    code: str
    line: int


def code_blocks(page: Path) -> list[CodeBlock]:
    """All fenced blocks of a page, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        CodeBlock(
            found["language"].strip(), found["code"], text.count("\n", 0, found.start("code")) + 1
        )
        for found in _FENCE.finditer(text)
    ]


def page_examples(page: Path) -> doctest.DocTest:
    """Every ``>>>`` example of the page's Python blocks, in one namespace, as a reader types them.

    A block without a prompt is code to run as it stands.
    """
    parser = doctest.DocTestParser()
    examples: list[doctest.Example] = []
    for block in code_blocks(page):
        if block.language not in ("python", "pycon"):
            continue
        if ">>>" in block.code:
            found = parser.get_examples(block.code, str(page))
        else:
            found = [doctest.Example(block.code, "")]
        for example in found:
            example.lineno += block.line - 1
        examples += found
    return doctest.DocTest(examples, {"__name__": "__main__"}, page.name, str(page), 0, None)


def run_page(page: Path) -> int:
    """Run the page's examples; fails with a report of the first that differs. Returns how many."""
    examples = page_examples(page)
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=OPTIONS | doctest.REPORT_ONLY_FIRST_FAILURE)
    result = runner.run(examples, out=report.append)
    assert result.failed == 0, "".join(report)
    return result.attempted
