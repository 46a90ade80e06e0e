"""The adapter as JavaScript code uses it: what is coalesced, isolated, purged, listened to."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import pouchdb
from pouchdb._hosts.storage.file_names import file_name

Run = Callable[..., Any]


@pytest.fixture
def run(env: pouchdb.SyncEnvironment) -> Run:
    """Run the body of an async function that has a database `db`; gives what it returns."""

    def run_body(body: str, options: str = "{}") -> Any:
        promise = env.context.evalJs(
            f"""
            const db = new PouchDB('test', {options});
            const failure = (promise) => promise.then(
                () => null, ({{ status, name, reason }}) => ({{ status, name, reason }}));
            return (async () => {{ {body} }})();
            """
        )
        return promise.wait(20)

    return run_body


# ------------------------------------------------------------------ calls of the same turn


def test_calls_of_one_turn_keep_their_order(run: Run) -> None:
    assert run("""
        const [, first, , second] = await Promise.all([
            db.put({_id: 'a', v: 1}), db.get('a'), db.put({_id: 'b'}), db.allDocs(),
        ]);
        return [first.v, second.total_rows];
    """) == [1, 2]


def test_objects_of_the_same_database_keep_their_order(run: Run) -> None:
    assert run("""
        const other = new PouchDB('test');
        await other.info();
        const [before, , after] = await Promise.all([
            failure(other.get('a')), db.put({_id: 'a'}), other.get('a'),
        ]);
        return [before.status, after._id];
    """) == [404, "a"]


@pytest.mark.parametrize(
    ("options", "request_"),
    [
        ("{}", "[{_id: '_local/x', n: 10n}]"),
        ("{deterministic_revs: false}", "[{_id: 'x', _deleted: true, n: 10n}]"),
        ("{}", "[{_id: 'x', _rev: '1-a', n: 10n, _attachments: {a: A}}], {new_edits: false}"),
        (
            "{deterministic_revs: false}",
            "[{_id: 'x', _attachments: {a: {data: '', content_type: 10n}}}]",
        ),
    ],
)
def test_what_json_cannot_hold_fails_alone(run: Run, options: str, request_: str) -> None:
    assert run(
        f"""
        const A = {{data: '', content_type: 'text/plain'}};
        const settled = await Promise.allSettled([
            db.put({{_id: 'a'}}), db.bulkDocs({request_}), db.put({{_id: 'b'}}),
        ]);
        return settled.map(({{status}}) => status);
        """,
        options,
    ) == ["fulfilled", "rejected", "fulfilled"]


def test_many_writes_of_one_turn_get_their_own_answers(run: Run) -> None:
    answers = run("""
        await db.put({_id: 'taken'});
        return Promise.all([
            db.put({_id: 'a'}).then(({ok}) => ok),
            failure(db.put({_id: 'taken'})),
            failure(db.put({_id: 'b', _bad: 1})),
            failure(db.put({_id: 'c', _attachments: {x: {data: '!', content_type: 'a/b'}}})),
            failure(db.put({_id: 'd', _attachments: {x: {stub: true, digest: 'md5-x'}}})),
            failure(db.bulkDocs([{_id: 'e', n: 1n, _rev: '1-a'}], {new_edits: false})),
            failure(db.bulkDocs([{_id: 'f', toJSON: () => 1}])),
            db.put({_id: '_local/x'}).then(({rev}) => rev),
            db.put({_id: 'z'}).then(({ok}) => ok),
        ]);
    """)
    assert [answer if isinstance(answer, (bool, str)) else answer.name for answer in answers] == [
        *(True, "conflict", "doc_validation", "badarg", "missing_stub"),
        *("TypeError", "bad_request", "0-1", True),
    ]
    assert [row.id for row in run("return (await db.allDocs()).rows")] == ["a", "taken", "z"]


def test_writes_of_one_turn_see_each_other(run: Run) -> None:
    assert run("""
        const {rev} = await db.put({_id: 'a'});
        const results = await Promise.all([
            db.put({_id: 'a', _rev: rev, v: 2}).then(({rev}) => rev.slice(0, 2)),
            failure(db.put({_id: 'a', _rev: rev, v: 3})).then(({status}) => status),
            db.put({_id: 'b', v: 1}).then(({rev}) => rev.slice(0, 2)),
            failure(db.put({_id: 'b', v: 1})).then(({status}) => status),
        ]);
        const {v} = await db.get('a');
        return [...results, v, (await db.info()).doc_count];
    """) == ["2-", 409, "1-", 409, 2, 2]


def test_each_get_of_one_turn_has_an_object_of_its_own(run: Run) -> None:
    assert run("""
        await db.put({_id: 'a', n: {v: 1}});
        const docs = await Promise.all([
            db.get('a'), db.get('a'), db.get('a', {revs: true}), db.get('a', {conflicts: true}),
        ]);
        docs.forEach((doc, index) => { doc.n.v = index; });
        return docs.map((doc) => doc.n.v);
    """) == [0, 1, 2, 3]


def test_what_was_asked_before_closing_is_done(run: Run) -> None:
    assert run("""
        const put = db.put({_id: 'a'});
        const closed = db.close();
        const {ok} = await put;
        await closed;
        return [ok, await failure(db.get('a')).then(({name}) => name)];
    """) == [True, "Error"]
    assert run("return (await db.get('a'))._id") == "a"


# ------------------------------------------------------------------ the fast path


FAST = """
    const make = (kind) => {
        const docs = [{_id: 'a', x: 1}, {x: 2, _id: 'b'}, {'10': 1, '9': 2, _id: 'c'}, {_id: 'd'}];
        // A special field sends all documents of a request the general way.
        if (kind === 'general') docs.push({_id: 'e', _attachments: {}}, {_id: 'e'});
        return docs;
    };
    const outcome = async (kind) => {
        const db = new PouchDB(kind, {adapter: 'memory', revs_limit: 3});
        const all = [await db.bulkDocs(make(kind))];
        for (let turn = 0; turn < 5; turn++) {
            const {rows} = await db.allDocs({include_docs: true, endkey: 'd'});
            const docs = rows.map(({doc}) => ({...doc, turn}));
            if (kind === 'general') docs.push({_id: 'e'}, {_id: 'e'});
            all.push(await db.bulkDocs(docs));
            const options = {revs: true, revs_info: true, conflicts: true};
            for (const id of 'abcd') all.push(await db.get(id, options));
        }
        return JSON.stringify(all.map((part) => Array.isArray(part) ? part.slice(0, 4) : part));
    };
    return [await outcome('fast'), await outcome('general')];
"""


def test_the_fast_path_gives_what_the_general_one_gives(run: Run) -> None:
    fast, general = run(FAST)
    assert fast == general


def test_a_long_chain_is_cut_at_the_limit_without_losing_its_end(run: Run) -> None:
    revisions = run(
        """
        let rev = (await db.put({_id: 'a'})).rev;
        for (let n = 0; n < 20; n++) rev = (await db.put({_id: 'a', _rev: rev, n})).rev;
        const {_revisions} = await db.get('a', {revs: true});
        return _revisions;
        """,
        "{revs_limit: 5}",
    )
    assert revisions.start == 21
    assert len(revisions.ids) == 5


# ------------------------------------------------------------------ purge and compaction


def test_purging_the_only_branch_removes_the_document(run: Run) -> None:
    assert run("""
        const {rev: first} = await db.put({_id: 'a'});
        const {rev} = await db.put({_id: 'a', _rev: first, v: 2});
        const result = await db.purge('a', rev);
        const {doc_count: count, update_seq: seq} = await db.info();
        const {status, reason} = await failure(db.get('a'));
        const {results} = await db.changes();
        return [result.deletedRevs.length, result.documentWasRemovedCompletely,
            count, seq, status, reason, results];
    """) == [2, True, 0, 2, 404, "missing", []]


def test_purging_a_branch_leaves_the_others(run: Run) -> None:
    assert run("""
        await db.bulkDocs([
            {_id: 'a', v: 'low', _revisions: {start: 2, ids: ['aa', 'root']}},
            {_id: 'a', v: 'high', _revisions: {start: 2, ids: ['bb', 'root']}},
        ], {new_edits: false});
        const before = await db.get('a', {conflicts: true});
        const {documentWasRemovedCompletely: gone} = await db.purge('a', '2-bb');
        const after = await db.get('a', {conflicts: true});
        const {results: [{seq, changes}]} = await db.changes();
        return [before.v, before._conflicts, gone, after.v, after._conflicts ?? null, seq, changes];
    """) == ["high", ["2-aa"], False, "low", None, 2, [{"rev": "2-aa"}]]


def test_purging_counts_documents(run: Run) -> None:
    assert run("""
        await db.bulkDocs([
            {_id: 'a', _revisions: {start: 1, ids: ['aa']}},
            {_id: 'a', _deleted: true, _revisions: {start: 2, ids: ['bb', 'cc']}},
        ], {new_edits: false});
        const counts = [(await db.info()).doc_count];
        await db.purge('a', '1-aa');
        counts.push((await db.info()).doc_count);
        await db.purge('a', '2-bb');
        counts.push((await db.info()).doc_count);
        const {seq} = (await db.post({}), await db.changes()).results[0];
        return [...counts, seq];
    """) == [1, 0, 0, 3]


def test_purging_what_is_not_a_leaf_is_refused(run: Run) -> None:
    assert (
        run("""
        const {rev} = await db.put({_id: 'a'});
        await db.put({_id: 'a', _rev: rev});
        return db.purge('a', rev).then(() => 'done', (error) => error);
    """)
        == "The requested revision is not a leaf"
    )


def test_compaction_is_one_transaction_for_many_documents(run: Run) -> None:
    assert run("""
        const ids = Array.from({length: 50}, (_, n) => 'doc' + n);
        const first = await db.bulkDocs(ids.map((_id) => ({_id})));
        await db.bulkDocs(first.map(({id, rev}) => ({_id: id, _rev: rev, v: 2})));
        await db.compact();
        const old = await Promise.all(first.map(({id, rev}) => failure(db.get(id, {rev}))));
        const kept = await Promise.all(ids.map((id) => db.get(id)));
        return [old.every(({status}) => status === 404), kept.every(({v}) => v === 2)];
    """) == [True, True]


def test_attachments_go_with_compaction(run: Run) -> None:
    assert run("""
        const attachment = {data: btoa('content'), content_type: 'text/plain'};
        const {rev} = await db.put({_id: 'a', _attachments: {x: attachment}});
        const blob = await db.getAttachment('a', 'x');
        const text = await blob.text();
        const {digest} = (await db.get('a'))._attachments.x;
        await db.put({_id: 'a', _rev: rev});
        await db.compact();
        const stub = {stub: true, digest, content_type: 'text/plain', length: 7};
        return [text, await failure(db.put({_id: 'b', _attachments: {x: stub}}))];
    """) == [
        "content",
        {
            "status": 412,
            "name": "missing_stub",
            "reason": "unknown stub attachment with digest md5-mgNkuembtIDdJeHwKEyFVQ==",
        },
    ]


# ------------------------------------------------------------------ feeds


def test_a_live_feed_hears_of_writes_until_it_is_cancelled(run: Run) -> None:
    assert run("""
        const seen = [];
        const feed = db.changes({live: true, since: 'now'});
        const heard = new Promise((resolve) => {
            feed.on('change', ({id}) => { seen.push(id); if (seen.length === 3) resolve(); });
        });
        await db.put({_id: 'a'});
        await db.bulkDocs([{_id: 'b'}, {_id: 'c'}]);
        await heard;
        feed.cancel();
        await db.put({_id: 'd'});
        await db.changes();
        return seen;
    """) == ["a", "b", "c"]


def test_a_feed_is_read_in_parts(run: Run) -> None:
    assert run("""
        await db.bulkDocs(Array.from({length: 4500}, (_, n) => ({_id: String(n)})));
        let count = 0;
        const {results, last_seq} = await db.changes({return_docs: false})
            .on('change', () => { count++; });
        const {results: some} = await db.changes({filter: (doc) => doc._id % 1000 === 0});
        const {results: down} = await db.changes({descending: true, limit: 2100});
        return [count, results.length, last_seq, some.length, down.length, down[2099].seq];
    """) == [4500, 0, 4500, 5, 2100, 2401]


def test_a_cancelled_feed_says_nothing_more(run: Run) -> None:
    assert run("""
        await db.bulkDocs(Array.from({length: 10}, (_, n) => ({_id: String(n)})));
        let count = 0;
        const feed = db.changes();
        feed.on('change', () => { if (++count === 3) feed.cancel(); });
        const {status} = await feed;
        return [count, status];
    """) == [3, "cancelled"]


def test_a_filter_that_throws_ends_the_feed(run: Run) -> None:
    assert run("""
        await db.put({_id: 'a'});
        return failure(db.changes({filter: () => { throw new Error('no'); }}));
    """) == {"status": 400, "name": "bad_request", "reason": "Filter function threw: Error: no"}


# ------------------------------------------------------------------ details of lists


def test_falsy_and_other_keys_find_nothing(run: Run) -> None:
    rows = run("""
        await db.bulkDocs([{_id: 'a'}, {_id: '5'}]);
        return (await db.allDocs({keys: ['', 0, null, 5, 'a']})).rows;
    """)
    assert [row.get("error", row.get("id")) for row in rows] == [
        *("not_found", "not_found", "not_found", "5", "a"),
    ]
    assert [row.key for row in rows] == ["", 0, None, "5", "a"]


def test_a_list_reaches_beyond_latin_letters(run: Run) -> None:
    assert run("""
        await db.bulkDocs(['z', 'ÿ', '日', '\\u{1f600}', '\\uffff'].map((_id) => ({_id})));
        return (await db.allDocs()).rows.map(({id}) => id);
    """) == ["z", "ÿ", "日", "\uffff", "\U0001f600"]


def test_small_binary_attachments_give_the_revision_that_node_gives(run: Run) -> None:
    assert (
        run("""
        const data = new Blob([new Uint8Array([104, 105])]);
        return (await db.put({_id: 'a', _attachments: {x: {data, content_type: 'a/b'}}})).rev;
    """)
        == "1-eff153b51f3655029711ea243b8091e4"
    )


def test_large_binary_attachments_give_other_revisions_for_other_bytes(run: Run) -> None:
    one, same, other = run("""
        const put = async (id, byte) => {
            const data = new Blob([new Uint8Array(20000).fill(byte)]);
            const memory = new PouchDB(id, {adapter: 'memory'});
            return (await memory.put({_id: 'a', _attachments: {x: {data, content_type: ''}}})).rev;
        };
        return [await put('x', 1), await put('y', 1), await put('z', 2)];
    """)
    assert one == same
    assert one != other


# ------------------------------------------------------------------ odd values


@pytest.mark.parametrize("options", [{}, {"doc_ids": ["a"]}])
def test_changes_takes_any_limit(env: pouchdb.SyncEnvironment, options: Any) -> None:
    db = env.PouchDB("test")
    db.put({"_id": "a"})
    huge: Any = 1e300
    assert len(db.changes(limit=huge, **options).results) == 1


@pytest.mark.parametrize("attachments", [None, [], {}])
def test_a_document_may_have_attachments_that_are_none(
    env: pouchdb.SyncEnvironment, attachments: Any
) -> None:
    db = env.PouchDB("test")
    db.put({"_id": "a", "_attachments": attachments})
    with pytest.raises(pouchdb.NotFoundError):
        db.getAttachment("a", "file")


def test_the_digest_of_a_stub_is_stored_as_text(env: pouchdb.SyncEnvironment) -> None:
    db = env.PouchDB("test")
    db.put({"_id": "a", "_attachments": {"f": {"data": b"x", "content_type": "text/plain"}}})
    digest = db.get("a")["_attachments"]["f"]["digest"]
    stub = {"stub": True, "digest": [digest], "content_type": "text/plain"}
    db.put({"_id": "b", "_attachments": {"f": stub}})
    assert db.get("b")["_attachments"]["f"]["digest"] == digest
    assert db.getAttachment("b", "f")["data"] == b"x"


@pytest.mark.parametrize("options", [{}, {"revs": True}])
def test_a_document_is_not_given_without_an_attachment_that_is_corrupt(
    env: pouchdb.SyncEnvironment, folder: Path, options: Any
) -> None:
    db = env.PouchDB("test")
    db.put({"_id": "a", "_attachments": {"f": {"data": b"x", "content_type": "text/plain"}}})
    with sqlite3.connect(folder / file_name("test")) as connection:
        connection.execute("UPDATE attachments SET data = ?", (b"y",))
    connection.close()
    with pytest.raises(pouchdb.EnvironmentError, match="other content"):
        db.get("a", attachments=True, **options)
