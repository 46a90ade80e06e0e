"""Runs one sequence of calls on Node's PouchDB and on ours, and shrinks what differs."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pouchdb
from tests.oracle.ours import OurDatabase, error_of
from tests.oracle.process import Oracle, OracleDatabase, OracleError
from tests.oracle.steps import Step
from tests.oracle.world import World

SHRINKING_LIMIT = 45.0
_numbers = itertools.count()


@dataclass
class Sequence:
    """Calls, and the options of the database that they run in."""

    options: dict[str, Any]
    adapter: str
    steps: list[Step]


@dataclass
class Difference:
    """The first step that the two answered differently."""

    index: int
    call: str
    node: str
    ours: str

    def __str__(self) -> str:
        return f"step {self.index}: {self.call}\n  Node: {self.node}\n  ours: {self.ours}"


class Comparison:
    """Compares sequences; counts the steps that were really compared."""

    def __init__(self, oracle: Oracle, env: pouchdb.SyncEnvironment) -> None:
        self._oracle = oracle
        self._env = env
        self.compared = 0

    def first_difference(self, sequence: Sequence) -> Difference | None:
        """Run the sequence in a fresh database on both sides."""
        name = f"sequence-{next(_numbers)}"
        memory = {"adapter": "memory"} if sequence.adapter == "memory" else {}
        node = self._oracle.open(name, **memory, **sequence.options)
        ours = OurDatabase(self._env, name, {**memory, **sequence.options})
        try:
            return self._run(sequence, node, ours)
        finally:
            ours.db.destroy()

    def _run(
        self, sequence: Sequence, node: OracleDatabase, ours: OurDatabase
    ) -> Difference | None:
        world = World()
        for index, step in enumerate(sequence.steps):
            if step["method"] == "reopen":
                # what is in memory only is lost with the last handle; Node's is left alone, since
                # opening anew must change nothing
                if sequence.adapter != "memory":
                    ours.reopen()
                continue
            method, args = step["method"], world.resolve(step["args"])
            expected = _answer(node.call, method, args)
            got = _answer(ours.call, method, args)
            if _is_broken(expected):
                return None
            refused = _refused_ids(method, args, expected)
            if method == "bulkDocs" and refused:
                _drop_after_refusals(expected, got)
            left, right = comparable(method, expected), comparable(method, got)
            if left != right:
                return Difference(index, f"{method}{json.dumps(args)}", left, right)
            self.compared += 1
            if any(_has_phantom(node, id_) for id_ in refused):
                return None
            if "result" in expected:
                world.learn(method, args, expected["result"])
        return None

    def shrink(self, sequence: Sequence) -> Sequence:
        """Leave out steps for as long as a difference remains."""
        deadline = time.monotonic() + SHRINKING_LIMIT
        steps = sequence.steps
        size = len(steps) // 2
        while size >= 1:
            start = 0
            while start < len(steps) and time.monotonic() < deadline:
                fewer = steps[:start] + steps[start + size :]
                shorter = Sequence(sequence.options, sequence.adapter, fewer)
                difference = self.first_difference(shorter)
                if difference is not None:
                    steps = fewer[: difference.index + 1]
                else:
                    start += size
            size //= 2
        return Sequence(sequence.options, sequence.adapter, steps)


def report(comparison: Comparison, sequence: Sequence, seed: int) -> str:
    """What a failing test prints: the seed, the shortest sequence found, and its difference."""
    short = comparison.shrink(sequence)
    difference = comparison.first_difference(short)
    steps = "\n".join(f"    {json.dumps(step)}" for step in short.steps)
    return (
        f"seed {seed}: Node's PouchDB and ours differ\n"
        f"options {short.options}, adapter {short.adapter}, steps\n{steps}\n{difference}"
    )


def _refused_ids(method: str, args: list[Any], answer: dict[str, Any]) -> set[str]:
    """The documents of which a write has refused a revision."""
    if method == "bulkDocs":
        refused = [row.get("id") for row in answer.get("result", []) if not row.get("ok")]
    elif method in ("put", "post", "remove") and "error" in answer:
        refused = [args[0].get("_id")]
    elif method in ("putAttachment", "removeAttachment") and "error" in answer:
        refused = [args[0]]
    else:
        refused = []
    return {id_ for id_ in refused if isinstance(id_, str) and not id_.startswith("_local/")}


def _has_phantom(node: OracleDatabase, id_: str) -> bool:
    """Whether Node's database has kept a revision that it has refused.

    PouchDB puts a revision into the tree before it knows that it is a conflict. If the LevelDB
    adapter then writes the tree because of another document of the call, or to compact it, it
    has a leaf without a body. Later calls show it, or throw.
    `test_a_refused_revision_leaves_no_trace` holds ours to the sane behaviour.
    """
    try:
        leaves = node.call("get", id_, {"open_revs": "all"})
    except OracleError:
        return False
    return any("missing" in leaf for leaf in leaves)


def _is_broken(answer: dict[str, Any]) -> bool:
    """Whether Node's database has shown that it is beyond comparing.

    After an exception that nobody caught, its queue stands still. An "invalid rev tree" is one
    whose stemmed revisions still have bodies, see `steps.Steps`.
    """
    error = answer.get("error", {})
    return bool(error.get("uncaught")) or error.get("message") == "invalid rev tree"


def _drop_after_refusals(expected: dict[str, Any], got: dict[str, Any]) -> None:
    """Take out what Node's adapter says about a document after it has refused a revision of it."""
    refused: set[Any] = set()
    kept: list[int] = []
    for position, row in enumerate(expected["result"]):
        if row.get("id") not in refused:
            kept.append(position)
        if not row.get("ok"):
            refused.add(row.get("id"))
    for answer in (expected, got):
        if "result" in answer:
            answer["result"] = [answer["result"][position] for position in kept]


def _answer(call: Callable[..., Any], method: str, args: list[Any]) -> dict[str, Any]:
    try:
        # each side gets its own copy: neither may see what the other did to its arguments
        return {"result": call(method, *json.loads(json.dumps(args)))}
    except OracleError as error:
        return {"error": error.error}
    except pouchdb.BaseError as error:
        return {"error": error_of(error)}


def comparable(method: str, answer: dict[str, Any]) -> str:
    """The answer as JSON text, key order included, without what has to differ."""
    if "error" in answer:
        return json.dumps({"error": _essential(answer["error"])})
    result = answer["result"]
    if method == "info":
        # the rest names the adapter
        result = {key: result[key] for key in ("doc_count", "update_seq", "auto_compaction")}
    return json.dumps(_without_noise(_in_order(method, result)))


def _in_order(method: str, result: Any) -> Any:
    """Node's adapter looks several things up at once and lists them as the answers come in."""
    if method == "revsDiff":
        return dict(sorted(result.items()))
    if method == "get" and isinstance(result, list):  # open_revs
        return sorted(result, key=json.dumps)
    if method == "bulkGet":
        return {**result, "results": sorted(result["results"], key=json.dumps)}
    return result


def _essential(error: dict[str, Any]) -> dict[str, Any]:
    """The properties of an error, sorted, without its stack."""
    essential = {key: error[key] for key in sorted(error) if key != "stack"}
    if essential.get("name") == "missing_stub":
        # of several digests that are missing Node's adapter names the one whose answer came first
        essential["reason"] = essential["reason"].rpartition(" ")[0]
    return essential


def _without_noise(value: Any) -> Any:
    """Without what says nothing: stack traces in rows that are errors, and the type of bytes.

    Node keeps the type of bytes as a property of a Buffer, which documents that have the same
    attachment may share: it is that of the one read last. The document has it as content_type.
    """
    if isinstance(value, list):
        return [_without_noise(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value == {"$undefined": True}:  # Python has None only
        return None
    drop = "type" if "$bytes" in value else "stack" if value.get("error") else None
    return {key: _without_noise(item) for key, item in value.items() if key != drop}
