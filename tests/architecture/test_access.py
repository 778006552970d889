"""The page of the table of rights is the table, and the table can be read as one."""

from __future__ import annotations

import re

from libs.common.access.document import BEGIN, END, REACHES, table
from libs.common.access.policy import POLICY, ROLES
from tests.architecture.test_rooms import ROOT

PAGE = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")


def test_the_page_shows_the_table() -> None:
    shown = PAGE[PAGE.index(BEGIN) : PAGE.index(END) + len(END)]
    assert shown == table(), "write it again: python -m libs.common.access.document"


def test_every_line_has_words_of_both_languages_and_somebody_who_may() -> None:
    poor = [
        name
        for name, line in POLICY.items()
        if not (re.search(r"[\u4e00-\u9fff]", line.chinese) and line.english and line.cells)
    ]
    assert not poor


def test_whoever_sees_no_person_has_no_cell_that_shows_one() -> None:
    """Analysts count, provinces add up, operators run the node."""
    people = [
        name
        for name in POLICY
        if re.match(r"(registry|retention)\.|matching\.(introduction|recommendation|card|explanation)", name)
    ]
    for role, allowed in {"analyst": {"counts"}, "province": {"counts"}, "operator": set[str]()}.items():
        assert {POLICY[name].cells[role].reach for name in people if role in POLICY[name].cells} <= allowed, role


def test_a_cadre_does_nothing_to_the_whole_county() -> None:
    """Whatever a cadre may do reaches the townships of the token, or it reads what is published."""
    cells = {name: line.cells["cadre"].reach for name, line in POLICY.items() if "cadre" in line.cells}
    assert set(cells.values()) <= {"townships", "any"}
    assert not {
        name
        for name, reach in cells.items()
        if reach == "any" and not re.search(r"\.(list|show|read|read_counts|certificate|own|revoke_own)$", name)
    }
    whole = {
        "matching.introduction.lapse",
        "retention.verification.open",
        "matching.run.announce",
        "matching.run.allot",
        "registry.reveal.approve",
        "registry.erasure.request",
    }
    assert not whole & cells.keys()


def test_every_reach_of_the_table_is_explained() -> None:
    assert {cell.reach for line in POLICY.values() for cell in line.cells.values()} == set(REACHES)
    assert set(ROLES) >= {role for line in POLICY.values() for role in line.cells}
