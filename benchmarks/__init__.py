"""Measures this package against Node's PouchDB: `python -m benchmarks`.

* `workload`: the documents, the same for everyone
* `ours`: the rows, measured in Python
* `peer.mjs`: the same rows, measured in Node (LevelDB and memory adapters)
* `rounds`: runs them by turns, each in a process of its own
* `results`: medians, ratios, the table and RESULTS.md
"""
