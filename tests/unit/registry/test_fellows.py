"""Fellow villagers who want to travel together: one name in one village is one group, and no wish is lost over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from libs.common.imports.report import Findings
from services.registry.rules import SEVERITY, KnownPerson, WishesReport, read_people, read_wishes
from services.registry.rules.fellows import group_id, judge_fellows, read_group
from services.registry.rules.numbers import check_character
from services.registry.rules.wording import WORDS
from tests.unit.registry.books import book
from tests.unit.registry.test_couples import wish
from tests.unit.registry.test_wishes_files import DATA

COLUMNS = [
    "姓名",
    "证件号码",
    "是否愿意外出务工",
    "意向地区",
    "意向工种",
    "期望月薪",
    "最低月薪",
    "可上岗时间",
    "不能从事",
    "所需便利",
    "走访日期",
]
VILLAGE = ("花垣镇", "老寨村")
OTHER = ("花垣镇", "杠杠村")


def judge(*people: tuple[str | None, tuple[str, str]]) -> tuple[list[str | None], dict[int, list[str]]]:
    """Each (group named, (township, village)) as the group afterwards, and the findings."""
    findings: Findings = {}
    wishes = [replace(wish(row, None), fellows=group) for row, (group, _) in enumerate(people, 1)]
    known = {f"p{row}": KnownPerson("龙", True, *home) for row, (_, home) in enumerate(people, 1)}
    settled = judge_fellows(wishes, known, findings)
    assert [replace(one, fellows=None) for one in settled] == [replace(one, fellows=None) for one in wishes]
    return [one.fellows for one in settled], {row: [each.code for each in found] for row, found in findings.items()}


def number_of(order: int) -> str:
    first17 = f"43312419800101{order:03}"
    return first17 + check_character(first17)


def sheet(
    groups: Sequence[object],
    *,
    header: str | None = "结伴小组",
    willing: str = "是",
    known: bool = True,
    strangers: int = 0,
) -> WishesReport:
    """A wishes sheet of one village, whose people name these groups; without a header the column is not there.

    The last are strangers to the register; where nobody is `known`, nobody is asked for.
    """
    more = [] if header is None else [header]
    rows = [
        [
            f"龙{row}",
            number_of(row),
            willing,
            "深圳",
            "普工",
            3500,
            3000,
            "随时",
            None,
            None,
            "2017-02-20",
            *([group] if more else []),
        ]
        for row, group in enumerate(groups, 1)
    ]
    people = {number_of(row): KnownPerson(f"龙{row}", True, *VILLAGE) for row in range(1, len(groups) + 1 - strangers)}
    return read_wishes(book([[*COLUMNS, *more], *rows]), "wishes.xlsx", people if known else None, county="433124")


def groups_in(report: WishesReport) -> list[str | None]:
    return [one.fellows for one in report.wishes]


def codes_in(report: WishesReport) -> set[tuple[str, str]]:
    return {(finding.code, finding.column) for found in report.findings.values() for finding in found}


def test_two_of_one_village_are_a_group_and_nothing_is_found() -> None:
    assert judge(("甲", VILLAGE), ("甲", VILLAGE), (None, VILLAGE)) == (["甲", "甲", None], {})


@pytest.mark.parametrize("home", [OTHER, ("边城镇", "老寨村"), ("花垣镇", ""), ("", "")])
def test_the_same_name_in_another_village_is_another_group(home: tuple[str, str]) -> None:
    assert judge(("甲", VILLAGE), ("甲", home)) == (
        ["甲", "甲"],
        {1: ["wish_fellows_alone"], 2: ["wish_fellows_alone"]},
    )


@pytest.mark.parametrize("home", [("花垣镇", ""), ("", "")])
def test_whose_village_is_not_known_is_grouped_by_township_or_county(home: tuple[str, str]) -> None:
    assert judge(("甲", home), ("甲", home)) == (["甲", "甲"], {})


def test_twenty_are_a_group_and_of_twenty_one_nobody_has_one() -> None:
    assert judge(*[("甲", VILLAGE)] * 20) == (["甲"] * 20, {})
    left_out, found = judge(*[("甲", VILLAGE)] * 21, *[("乙", VILLAGE)] * 2)
    assert left_out == [None] * 21 + ["乙"] * 2
    assert found == {row: ["wish_fellows_too_many"] for row in range(1, 22)}


def test_a_name_of_twenty_characters_is_one_and_a_longer_one_is_left_out() -> None:
    assert judge(("组" * 20, VILLAGE), ("组" * 20, VILLAGE)) == (["组" * 20] * 2, {})
    assert judge(("组" * 21, VILLAGE), ("组" * 21, VILLAGE)) == (
        [None] * 2,
        {1: ["wish_fellows_too_long"], 2: ["wish_fellows_too_long"]},
    )


@pytest.mark.parametrize("spelled", ["a组1", "Ａ组１", " a 组 1 ", "A組1", "　A组1\n"])
def test_width_spaces_case_and_form_do_not_count(spelled: str) -> None:
    assert read_group(spelled) == "a组1"


@pytest.mark.parametrize(("cell", "group"), [(3, "3"), (3.0, "3"), ("3", "3"), ("A", "a"), ("甲、乙", "甲、乙")])
def test_a_number_a_letter_or_a_mark_is_a_name(cell: object, group: str) -> None:
    assert groups_in(sheet([cell, cell])) == [group, group]


@pytest.mark.parametrize("cell", [None, "", "  ", "无", "暂无", "-", "—", "/", "×"])
def test_an_answer_that_names_none_is_none(cell: str | None) -> None:
    report = sheet([cell, cell])
    assert (groups_in(report), report.findings) == ([None, None], {})


@pytest.mark.parametrize("header", ["结伴小组", "同行小组", "结 伴", "結伴小組（选填）"])
def test_the_column_is_known_however_it_is_called(header: str) -> None:
    assert groups_in(sheet(["甲", "甲"], header=header)) == ["甲", "甲"]


def test_a_sheet_without_the_column_reads_as_one_where_it_is_empty() -> None:
    without, empty = sheet([None, None], header=None), sheet([None, None])
    assert without.as_json() == empty.as_json()
    assert not any("fellows" in row for row in without.as_json()["rows"].values())
    assert sheet(["甲", "甲"]).as_json()["rows"]["2"]["fellows"] == "甲"


def test_who_will_not_leave_travels_with_nobody() -> None:
    report = sheet(["甲", "甲"], willing="否")
    assert (groups_in(report), report.findings) == ([None, None], {})


def test_a_refused_row_is_no_fellow() -> None:
    report = sheet(["甲", "甲"], strangers=1)
    assert groups_in(report) == ["甲"]
    assert codes_in(report) == {("wish_fellows_alone", "结伴小组"), ("wish_person_unknown", "证件号码")}


def test_nobody_asked_for_is_grouped_by_the_sheets_county() -> None:
    assert groups_in(sheet(["甲", "甲"], known=False)) == ["甲", "甲"]


def test_a_people_file_says_in_which_village_each_lives() -> None:
    report = read_people((DATA / "people-433124.xlsx").read_bytes(), "people-433124.xlsx")
    known = report.known()
    assert len({person.village for person in report.people} - {""}) > 1
    assert [(known[each.number].township, known[each.number].village) for each in report.people] == [
        (each.township, each.village) for each in report.people
    ]


def test_the_findings_warn_in_both_languages_and_the_wish_goes_in() -> None:
    report = sheet(["甲", "组" * 21, *["乙"] * 21])
    assert codes_in(report) == {(f"wish_fellows_{why}", "结伴小组") for why in ("alone", "too_long", "too_many")}
    assert (len(report.wishes), report.refused_rows) == (23, frozenset())
    assert {SEVERITY[code] for code, _ in codes_in(report)} == {"warning"}
    assert all(len(WORDS[code]) == 2 for code, _ in codes_in(report))


def test_one_name_in_one_village_has_one_id_and_elsewhere_another() -> None:
    here = group_id("433124", *VILLAGE, "甲")
    others = [group_id("433126", *VILLAGE, "甲"), group_id("433124", *OTHER, "甲"), group_id("433124", *VILLAGE, "乙")]
    assert len({here, *others}) == 4
    assert group_id("433124", "花垣", "镇老寨村", "甲") != group_id("433124", "花垣镇", "老寨村", "甲")


def test_the_id_of_a_group_never_changes() -> None:
    assert str(group_id("433124", *VILLAGE, "甲")) == "7a4f16e0-6d61-5be0-84c9-8d8b6213a4a6"
