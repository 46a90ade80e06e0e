"""The committed bundle is what its sources give."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.oracle.process import install

JSBUNDLE = Path(__file__).parent.parent / "jsbundle"


def test_the_bundle_is_what_its_sources_give(node: str) -> None:
    install(JSBUNDLE)
    done = subprocess.run(
        [node, str(JSBUNDLE / "build.mjs"), "--check"],
        cwd=JSBUNDLE,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
