"""`python -m benchmarks`: measure, print the table, and with `--write` keep it in RESULTS.md."""

from __future__ import annotations

import argparse
import sys

from benchmarks import results, rounds
from benchmarks.workload import Sizes


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often each one runs")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work")
    parser.add_argument("--write", action="store_true", help="write RESULTS.md")
    options = parser.parse_args()
    sizes = Sizes(200, 1_000, 5, 20) if options.quick else Sizes()
    found = rounds.run(options.rounds, sizes, lambda line: print(line, file=sys.stderr, flush=True))
    command = " ".join(["python -m benchmarks", *sys.argv[1:]])
    section = "\n\n".join(
        [
            results.circumstances(options.rounds, sizes, command),
            results.table(results.medians(found)),
        ]
    )
    print(section)
    if options.write:
        results.write(section)


if __name__ == "__main__":
    main()
