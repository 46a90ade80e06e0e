"""What every contestant stores: documents of about 400 bytes, and a megabyte of attachment."""

from __future__ import annotations

import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")


@dataclass(frozen=True)
class Sizes:
    """How often each row's operation runs."""

    singles: int = 2_000
    bulk: int = 10_000
    attachment_puts: int = 20
    attachment_gets: int = 100
    attachment_bytes: int = 1_000_000


def document(number: int) -> dict[str, Any]:
    """A document of about 400 bytes: text, numbers, a list, an object."""
    chance = random.Random(number)
    return {
        "_id": f"document-{number:08d}",
        "type": "person",
        "name": " ".join(chance.choices(WORDS, k=3)),
        "text": " ".join(chance.choices(WORDS, k=34)),
        "age": chance.randrange(100),
        "score": chance.random(),
        "active": chance.random() < 0.5,
        "tags": chance.sample(WORDS, 3),
        "address": {"street": chance.choice(WORDS), "number": chance.randrange(200)},
    }


def write(path: Path, sizes: Sizes) -> None:
    """Write the workload for the contestants to read."""
    documents = [document(number) for number in range(max(sizes.singles, sizes.bulk))]
    path.write_text(json.dumps({"sizes": asdict(sizes), "documents": documents}), encoding="utf-8")


def read(path: Path) -> tuple[Sizes, list[dict[str, Any]]]:
    """Read what `write` wrote."""
    content = json.loads(path.read_text(encoding="utf-8"))
    return Sizes(**content["sizes"]), content["documents"]


def average_bytes(sizes: Sizes) -> float:
    """The average size of a document as JSON."""
    count = min(sizes.bulk, 500)
    return sum(len(json.dumps(document(number))) for number in range(count)) / count
