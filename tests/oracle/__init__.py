"""Node's PouchDB as the reference for the tests, and what is needed to compare ours with it.

* `process`: the child process and its installation
* `steps`: random sequences of calls
* `ours`: the same calls, made through the Python API
* `compare`: runs a sequence on both sides, reports and shrinks the first difference
"""
