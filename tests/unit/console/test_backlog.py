"""How far behind a service is, where that can be known."""

from __future__ import annotations

from services.console.rules.backlog import behind, heads_of

HEADS = heads_of("n433124", {"registry": [{"topic": "home.registry.labourer", "partition": 0, "sequence": 12}]})


def test_what_is_announced_and_not_handled_is_behind() -> None:
    assert (
        behind({"source": "/n433124/registry", "topic": "home.registry.labourer", "partition": 0, "sequence": 9}, HEADS)
        == 3
    )


def test_a_partners_journal_is_not_known_here() -> None:
    assert (
        behind({"source": "/n440300/jobs", "topic": "public.jobs.vacancy", "partition": 0, "sequence": 9}, HEADS)
        is None
    )
