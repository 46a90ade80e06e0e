"""The synchronous examples of the API text of Python-PouchDB, word for word, as doctests."""

from __future__ import annotations

import doctest
import json
from typing import Any

import pytest

import pouchdb

OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

EXAMPLES = {
    "API examples": """
>>> environment = setup()
>>> db = environment.PouchDB('example')
>>> printjson(db.put({"_id": 'my_example_doc'}))
{"id": "my_example_doc", "ok": true, "rev": "1-..."}
>>> printjson(db.get('my_example_doc'))
{"_id": "my_example_doc", "_rev": "1-..."}
>>> db["my_example_doc"] = {}
>>> printjson(db["my_example_doc"])
{"_id": "my_example_doc", "_rev": "2-..."}
""",
    "PouchDBError": """
>>> try:
...     setup().PouchDB('new-db').get('unexisting-doc')
... except pouchdb.PouchDBError as e:
...    if e["status"] == 404:
...        print("Not found")
...    else:
...        print("Unknown error")
...
Not found
""",
    "AbstractEnvironment.__getitem__": """
>>> setup()["test"]
<pouchdb.SyncPouchDB object at 0x...>
>>> setup().PouchDB('test')
<pouchdb.SyncPouchDB object at 0x...>
""",
    # In the text, keys() gives a list; it is from the time of Python 2.
    "SyncEnvironment": """
>>> env = setup()
>>> list(env.keys())
[...]
""",
    "SyncEnvironment.__delitem__": """
>>> env = setup()
>>> del env["test"]
>>> printjson(env.destroy("test"))
{"ok": true}
""",
    "SyncPouchDB": """
>>> db = setup()["my-example"]
>>> db["mytest"] = {"test": "ok"}
>>> printjson(list(db))
["mytest"]
>>> len(db)
1
>>> "mytest" in db
True
>>> "abc" in db
False
""",
    "SyncPouchDB.__getitem__": """
>>> db = setup().PouchDB("example")
>>> db["abc"]
Traceback (most recent call last):
  ...
KeyError: '{"status":404,"name":"not_found","message":"missing"}'
""",
    "SyncPouchDB.__delitem__": """
>>> db = setup()["example"]
>>> del db["abc"]
Traceback (most recent call last):
  ...
KeyError: '{"status":404,"name":"not_found","message":"missing"}'
""",
    "SyncPouchDB.get_": """
>>> db = setup()["example"]
>>> printjson(db.get_("abc", {"hello": "world"}))
{"hello": "world"}
""",
}


def printjson(value: Any) -> None:
    """As in the API text."""
    print(json.dumps(value, sort_keys=True))  # noqa: T201


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_runs_as_printed(name: str) -> None:
    names = {"pouchdb": pouchdb, "setup": pouchdb.setup, "printjson": printjson}
    test = doctest.DocTestParser().get_doctest(EXAMPLES[name], names, name, None, 0)
    report: list[str] = []
    result = doctest.DocTestRunner(optionflags=OPTIONS).run(test, out=report.append)
    assert result.attempted > 0
    assert result.failed == 0, "".join(report)
