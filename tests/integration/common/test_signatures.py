"""Every record is signed by its node: one that is unsigned, altered, or signed by another is refused, kept and counted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from deploy.local.keys import make_keys
from libs.common.events.canonical import NotCanonical, canonical, check_canonical, dump
from libs.common.events.records import Record
from libs.common.events.signatures import Announcer, announcing_keys
from libs.common.node import NodeContext
from libs.common.outbox import announce
from libs.common.relay import Journal, headers_of
from libs.common.service import ServiceContext
from tests.support.nodes import Nodes, announced, client_of
from tests.support.poison import a_record
from tests.support.sample import SERVICE, Counted

TOPIC = f"public.{Counted.AGGREGATE}"
RECIPE = Path(__file__).parents[3] / "docs" / "events.md"
SMALL = (
    st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.booleans()
    | st.none()
)
JSON = st.recursive(SMALL, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


async def reasons(context: ServiceContext) -> list[str]:
    async with context.database.reading() as tx:
        return list((await tx.execute(text("SELECT reason FROM dead_letter ORDER BY id"))).scalars())


async def counted(context: ServiceContext) -> int:
    async with context.database.reading() as tx:
        return int((await tx.execute(text("SELECT coalesce(sum(count), 0) FROM sample.tally"))).scalar_one())


def bend(record: Record, **said: str | None) -> Record:
    """Headers said otherwise after the signature; None takes one away."""
    names = {f"ce_{name}": value for name, value in said.items()}
    kept = [
        (name, (names[name] or "").encode() if name in names else value)
        for name, value in record.headers
        if names.get(name, "") is not None
    ]
    return replace(record, headers=tuple(kept))


BENT: dict[str, Callable[[Record], Record]] = {
    "unsigned": lambda record: bend(record, signature=None),
    "without a key": lambda record: bend(record, keyid=None),
    "another id": lambda record: bend(record, id="0197f2b0-0000-7000-8000-000000000001"),
    "another sequence": lambda record: bend(record, sequence="2"),
    "another time": lambda record: bend(record, time="2017-01-02T00:00:00+00:00"),
    "the same time said otherwise": lambda record: bend(record, time="2017-01-01T00:00:00Z"),
    "another type": lambda record: bend(record, type="sample.tally.told.v1"),
    "a traceparent": lambda record: replace(
        record, headers=(*record.headers, ("ce_traceparent", b"00-" + b"1" * 32 + b"-" + b"2" * 16 + b"-01"))
    ),
    "another number": lambda record: replace(record, value=b'{"name":"a","number":2}'),
    "one more field": lambda record: replace(record, value=b'{"name":"a","number":1,"x":1}'),
    "half a signature": lambda record: bend(record, signature="AAAA"),
    "padding": lambda record: bend(record, signature=dict(record.headers)["ce_signature"].decode() + "=="),  # type: ignore[union-attr]
}


@pytest.mark.parametrize("how", BENT)
async def test_an_event_altered_on_its_way_is_refused_and_never_applied(nodes: Nodes, how: str) -> None:
    context = await nodes.open(SERVICE)
    record = a_record(TOPIC, context.node, "a", 1, 1)
    await context.inbox.take([BENT[how](record)])
    assert await counted(context) == 0
    assert set(await reasons(context)) <= {"unsigned", "false_signature"}
    assert len(await reasons(context)) == 1
    await context.inbox.take([record])
    assert await counted(context) == 1


async def test_the_same_meaning_in_other_bytes_is_still_signed(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    await context.inbox.take(
        [replace(a_record(TOPIC, context.node, "a", 1, 1), value=b'{ "number" : 1.0e0, "name": "\\u0061" }')]
    )
    assert await counted(context) == 1


async def test_a_node_signs_for_itself_alone(nodes: Nodes) -> None:
    context, city = await nodes.open(SERVICE, "n433124"), (await nodes.open(SERVICE, "n440300")).node
    mirrored = f"n440300__{TOPIC}"
    own = a_record(TOPIC, city, "a", 1, 1, source="/n433124/sample")
    of_another_partner = a_record(f"n430100__{TOPIC}", city, "a", 1, 1, source="/n430100/sample")
    by_us = a_record(mirrored, context.node, "a", 1, 1, source="/n440300/sample")
    stranger = a_record("n999999__" + TOPIC, city, "a", 1, 1, source="/n999999/sample")
    moved = replace(a_record(mirrored, city, "a", 1, 1), topic=f"n440300__to.n433124.{Counted.AGGREGATE}")
    elsewhere = a_record(f"n440300__to.n433124.{Counted.AGGREGATE}", city, "a", 1, 1)
    await context.inbox.take([own, of_another_partner, by_us, stranger, moved, elsewhere])
    assert await reasons(context) == ["unknown_key"] * 4 + ["false_signature", "false_topic"]
    assert await counted(context) == 0
    await context.inbox.take([a_record(mirrored, city, "a", 1, 1)])
    assert await counted(context) == 1


async def test_keys_turn_with_overlap_and_a_removed_one_is_no_longer_taken(nodes: Nodes, tmp_path: Path) -> None:
    context = await nodes.open(SERVICE)
    make_keys("n433124", tmp_path)
    before = Announcer.read(tmp_path)
    (tmp_path / "announce.jwk").unlink()
    make_keys("n433124", tmp_path)
    after, jwks = Announcer.read(tmp_path), json.loads((tmp_path / "jwks.json").read_text())["keys"]
    assert before.keyid != after.keyid
    records = [
        a_record(TOPIC, home_with(context.node, announcer=by), "a", 1, number + 1)
        for number, by in enumerate((before, after))
    ]
    context.database.node = home_with(context.node, own_announcing_keys=announcing_keys(jwks))
    await context.inbox.take(records)
    assert await counted(context) == 2
    context.database.node = home_with(
        context.node, own_announcing_keys=announcing_keys(key for key in jwks if key["kid"] != before.keyid)
    )
    records = [
        a_record(TOPIC, home_with(context.node, announcer=by), "a", 1, number + 3)
        for number, by in enumerate((before, after))
    ]
    await context.inbox.take(records)
    assert (await counted(context), await reasons(context)) == (3, ["unknown_key"])


def home_with(home: NodeContext, **changed: Any) -> NodeContext:
    return replace(home, **changed)


async def test_a_line_of_the_feed_is_verified_by_the_recipe_in_the_docs(nodes: Nodes) -> None:
    recipe: dict[str, Any] = {}
    exec(re.search(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL).group(1), recipe)  # type: ignore[union-attr]
    context = await nodes.open(SERVICE)
    jwks = json.loads((context.settings.keys / "jwks.json").read_text())
    async with context.database.transaction() as tx:
        for number in range(3):
            await announce(tx, Counted(name="麻\u2028😀", number=number))
    await announced(context)
    async with client_of(context) as client:
        lines = (await client.get("/sample/v1/events", params={"topic": TOPIC})).text.split("\n")[:-1]
    assert [recipe["verify"](line, jwks, "n433124")["data"]["number"] for line in lines] == [0, 1, 2]
    with pytest.raises(Exception, match=r"^$"):
        recipe["verify"](lines[0].replace('"number": 0', '"number": 7'), jwks, "n433124")
    with pytest.raises(ValueError, match="another node"):
        recipe["verify"](lines[0], jwks, "n440300")


async def test_rows_from_before_there_were_signatures_are_signed_when_found(nodes: Nodes) -> None:
    context = await nodes.open(SERVICE)
    async with context.database.transaction() as tx:
        await announce(tx, Counted(name="a", number=1))
    await announced(context)
    connection = await context.database.connect_raw()
    await connection.execute("UPDATE journal SET signature = NULL, keyid = NULL")
    await Journal(context.node, "sample").sign_old(connection)
    row = await connection.fetchrow("SELECT *, data::text AS data FROM journal")
    await connection.close()
    headers = tuple((name, value) for name, value in headers_of(row, "/n433124/sample"))
    await context.inbox.take([Record(TOPIC, row["partition"], 0, b"a", row["data"].encode(), headers)])
    assert await counted(context) == 1


@given(JSON)
def test_the_quick_way_to_canonical_json_is_the_standards(value: Any) -> None:
    for said in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        assert canonical(json.loads(said), said) == rfc8785.dumps(value)
    assert dump(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value", [float("nan"), [float("inf")], {"a": 2**53 + 1}, "\ud800", {1: "a", "1": "b"}, object()]
)
def test_a_value_without_a_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        dump(value)


@pytest.mark.parametrize(
    "said",
    [
        '{"a":9007199254740993}',
        '{"a":[1,-90071992547409930]}',
        '{"a":1e400}',
        '{"a": {"b": 123456789012345678901234567890}}',
    ],
)
def test_what_has_no_canonical_form_is_not_announced(said: str) -> None:
    with pytest.raises(NotCanonical):
        check_canonical(said)
