"""When a pass is over: sent equals handled on every channel and all are idle. Exact, by counts, without any clock.

Statements may be of different moments. Nobody acts except on a message, so the first act after any of the statements
would need a message that was sent before them and not handled in them: then some count differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from libs.common.events.matching import Channel, Counted, ProgressStated

Statements = Mapping[str, ProgressStated]


def newer(known: ProgressStated | None, said: ProgressStated) -> ProgressStated:
    """The later of two statements of one node and pass, in whatever order they arrive: counts only grow."""
    return said if known is None or _work(said) >= _work(known) else known


def _work(statement: ProgressStated) -> int:
    return sum(count.sent + count.handled for count in statement.counts)


def channels(statements: Statements, counties: Sequence[str], cities: Sequence[str]) -> tuple[Channel, ...]:
    """Every channel of a pass by the latest statements: cards from counties to cities, cutoffs from cities to counties."""
    pairs = [("cards", county, city) for county in counties for city in cities]
    pairs += [("cutoffs", city, county) for city in cities for county in counties]
    return tuple(_channel(statements, *pair) for pair in pairs)


def _channel(statements: Statements, kind: str, sender: str, receiver: str) -> Channel:
    out = _count(statements.get(sender), kind, receiver)
    into = _count(statements.get(receiver), kind, sender)
    return Channel.model_validate(
        {
            "kind": kind,
            "sender": sender,
            "receiver": receiver,
            "sent": out.sent if out else 0,
            "handled": into.handled if into else 0,
            "bytes": out.bytes if out else 0,
        }
    )


def _count(statement: ProgressStated | None, kind: str, counterpart: str) -> Counted | None:
    counts = statement.counts if statement else ()
    return next((each for each in counts if each.kind == kind and each.counterpart == counterpart), None)


def is_over(statements: Statements, counties: Sequence[str], cities: Sequence[str]) -> bool:
    """Whether the statements prove that nobody will ever move again in this pass."""
    everybody = {*counties, *cities}
    if not all(node in statements and statements[node].idle for node in everybody):
        return False
    return all(channel.sent == channel.handled for channel in channels(statements, counties, cities))


def residue(table: Iterable[Channel]) -> int:
    """Cards and cutoffs that were sent and not handled: what a stopped run leaves undone."""
    return sum(channel.sent - channel.handled for channel in table)


def agrees(node: str, counts: Iterable[Counted], table: Iterable[Channel]) -> bool:
    """Whether a closing table says of a node what the node itself has counted."""
    own = {(count.kind, count.counterpart): count for count in counts}
    for channel in table:
        if channel.sender == node and own[(channel.kind, channel.receiver)].sent != channel.sent:
            return False
        if channel.receiver == node and own[(channel.kind, channel.sender)].handled != channel.handled:
            return False
    return True
